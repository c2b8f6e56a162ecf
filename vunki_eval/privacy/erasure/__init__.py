"""A person's erasure, and the end of retention.

`plan_erasure` finds a person's responses by the code they type; `erase` takes them out of the exports, all or nothing,
and leaves a journal that says what was done and nothing of the person. `plan_purge` and `purge` remove everything
personal when its time is over.
"""

from vunki_eval.privacy.erasure.carry_out import Erased, erase
from vunki_eval.privacy.erasure.invited import SHOWN as INVITATIONS
from vunki_eval.privacy.erasure.plan import Erasure, plan_erasure
from vunki_eval.privacy.erasure.purge import Purge, plan_purge, purge

__all__ = ["INVITATIONS", "Erased", "Erasure", "Purge", "erase", "plan_erasure", "plan_purge", "purge"]
