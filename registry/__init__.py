"""事项准入 admission registry: what may be asked of a community, by whom, with what money.

You want to … → open …

- understand a filing, a verdict, a decision, a presence: ``domain/`` (``request.py`` first)
- change a rule, a list, a clock, a body: no Python at all, ``policies/packs/`` and ``seeds/lists/``
- see how rules decide: ``policies/judge.py``; who may do what: ``policies/access.csv``
- see why, and what would pass: ``policies/explaining/``; write a pack: ``policies/drafting/``
- see what a draft or a new day changes: ``actions/rejudging/``
- follow what an official does from click to record: ``actions/office.py``, then the verb's file;
  between steps ``actions/between/``, after a decision ``actions/afterwards/``
- know how it is stored, logged, verified, backed up: ``store/unit.py``, ``verify.py``
- call it from a program: ``api/acts.py``, ``api/lists.py``, ``/schema/openapi.json``
- call it from Python, typed: ``client/``; let another system ask first: ``actions/asking_first/``
- call another system from it: ``gateways/``
- run it: ``cli/``; how its parts are joined: ``app.py``; its settings: ``settings.py``

Rooms import one way: cli → app → api | web → actions → store | gateways → policies →
domain; ``client`` stands apart and knows the domain only.
"""

__version__ = "0.1.0"
