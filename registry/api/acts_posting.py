"""公示的办理入口 acts on what is posted: put up, taken down."""

from registry.actions.publicity import postings
from registry.api.acting import Act, new, on
from registry.domain.posting import Posting

POSTING: tuple[Act, ...] = (
    Act(path="/postings", act="posting.post", zh="张贴公示", en="Post something for all to read",
        make=new(postings.post), command=postings.PostCommand, answers=Posting, module=postings,
        creates="postings", names=("presence_id", "request_id"), versioned=False),
    Act(path="/postings/{id}/take-down", act="posting.take_down", zh="撤下公示",
        en="Take down what was posted", make=on(postings.take_down),
        command=postings.TakeDownCommand, answers=Posting, module=postings),
)  # fmt: skip
