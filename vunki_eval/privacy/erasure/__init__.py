"""Erase one person's responses, and delete everything personal at the end of retention.

`plan_erasure` finds a person's responses by the code they type. `erase` removes them from the exports, all or nothing,
and leaves a journal that records what was done but nothing about the person. `plan_purge` and `purge` delete everything
personal once retention is over.
"""

from vunki_eval.privacy.erasure.carry_out import Erased, erase
from vunki_eval.privacy.erasure.invited import TABLE_NAME as INVITATIONS
from vunki_eval.privacy.erasure.plan import Erasure, plan_erasure
from vunki_eval.privacy.erasure.purge import Purge, plan_purge, purge

__all__ = ["INVITATIONS", "Erased", "Erasure", "Purge", "erase", "plan_erasure", "plan_purge", "purge"]
