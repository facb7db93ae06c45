"""申报 a request filled in step by step: ``paper`` is what is filled in, ``steps`` are its pages."""
