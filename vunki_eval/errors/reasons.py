"""Why the system refused a file, in words that can be translated (the system's own are in a language of its own)."""

import errno

from vunki_eval.errors.message import M_, Message

_REASONS = {
    errno.EACCES: M_("permission denied"),
    errno.EPERM: M_("permission denied"),
    errno.EROFS: M_("the file system is read-only"),
    errno.EEXIST: M_("there is something of that name already"),
    errno.ENOTEMPTY: M_("the folder is not empty"),
    errno.ENOTDIR: M_("it is not a folder"),
    errno.EISDIR: M_("it is a folder"),
    errno.ENOENT: M_("there is no such file or folder"),
    errno.ENOSPC: M_("the disk is full"),
    errno.EDQUOT if hasattr(errno, "EDQUOT") else -1: M_("the disk quota is used up"),
    errno.EMFILE: M_("too many files are open"),
    errno.ENFILE: M_("too many files are open"),
    errno.ENAMETOOLONG: M_("the name is too long"),
    errno.ELOOP: M_("its symbolic links go round in a circle"),
    errno.EBUSY: M_("it is in use"),
    errno.ETXTBSY if hasattr(errno, "ETXTBSY") else -2: M_("it is in use"),
    errno.EXDEV: M_("it is on another disk"),
    errno.EIO: M_("the disk reports an error"),
    errno.EINVAL: M_("the system does not accept the name or place"),
    errno.EPIPE: M_("nobody reads it any more"),
    errno.ETIMEDOUT: M_("it does not answer"),
    errno.ENOMEM: M_("memory is used up"),
}


def reason(error: OSError) -> Message:
    """Say why the system refused a file; a rare reason is given by its number."""
    return _REASONS.get(error.errno or 0) or M_("system error {number}", number=error.errno or 0)
