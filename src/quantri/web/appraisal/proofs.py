"""Files that show what an agency says of itself: added and taken away while it may still score itself."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.appraisal.actions import may_still_score, own_entry
from quantri.web.appraisal.models import Entry, Proof
from quantri.web.core import audit, uploads

MOST = 100  # files of one entry


@transaction.atomic
def add_proof(entry: Entry, code: str, file: UploadedFile, *, by: User) -> Proof:
    """Keep a file beside a line of the sheet; DataError says why one is not taken."""
    entry = own_entry(entry, by=by)
    may_still_score(entry)
    if code not in entry.exercise.sheet.lines:
        raise RuleViolation(_("Choose a criterion of the sheet."))
    if entry.proofs.standing().count() >= MOST:
        raise RuleViolation(_("An agency hands in at most %(n)s files. Take one away first.") % {"n": MOST})
    proof = uploads.attach(Proof, file, by=by, entry=entry, code=code)
    if proof is None:
        raise RuleViolation(_("This file is there already."))
    audit.record("selfscore.proved", proof, by=by, criterion=code, sha256=proof.sha256, size=proof.size)
    return proof


@transaction.atomic
def remove_proof(proof: Proof, *, by: User) -> Proof:
    """Take a file away while the agency may still score itself; the row stays."""
    may_still_score(own_entry(proof.entry, by=by))
    proof.take_away()
    audit.record("selfscore.proof_removed", proof, by=by, criterion=proof.code)
    return proof
