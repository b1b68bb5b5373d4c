"""What others were told: looked up, tried, and shared by whoever said it, in words they read over."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core.errors import NotFound, QuarterhourError
from quarterhour.core.limits import spend
from quarterhour.core.text import clean
from quarterhour.matching.knowledge import sharing
from quarterhour.matching.knowledge.searching import MOST_ASKED, count_own, look_for, own_pieces, shown_now
from quarterhour.matching.people import words_to_read
from quarterhour.needs.queries import need_for
from quarterhour.sessions.queries import session_for
from quarterhour.web.ask.forms import whole
from quarterhour.web.knowledge.page import MOST, TO_BEGIN_WITH, age, results_page
from quarterhour.web.toasts import tell

ANSWERS = {"yes": True, "no": False, "none": None}
SAID = {True: "Kept: it helped you", False: "Kept: it did not help you", None: "Taken back"}
FACET = 30  # characters of a facet's key


@login_required
@require_safe
def search(request):
    """What others of the organisation were told."""
    text, asked, need = _asked(request)
    only = [word for word in request.GET.getlist("only") if len(word) < FACET][:4]
    show = min(whole(request.GET.get("show", "")) or TO_BEGIN_WITH, MOST)
    if text:
        spend(
            f"knowledge {request.user.pk}", most=240, per=timedelta(hours=1), now=request.now,
            told="That was many searches in an hour. Rest a little.",
        )  # fmt: skip
    found = look_for(text, reader=request.user, org=request.org, only=only, now=request.now)
    page = results_page(found, asked=asked, only=only, show=show, now=request.now)
    page |= {"need": need, "own": count_own(request.user, org=request.org)}
    return render(request, "knowledge/search.html", page)


def _asked(request):
    """What is looked for: the words of the address, or those of a question of the reader's own; and that question."""
    if key := request.GET.get("need", ""):
        try:
            need = need_for(UUID(key), visible_to=request.user)
        except ValueError as error:
            raise NotFound("This question is not here. Look for it in words.") from error
        return words_to_read(need)[:MOST_ASKED], {"need": need.pk}, need
    text = clean(request.GET.get("q", ""))[:MOST_ASKED]
    return text, {"q": text} if text else {}, None


@login_required
@require_POST
def tried(request, pk, answer):
    """A reader tried it: it helped, it did not, or they take back what they said."""
    if answer not in ANSWERS:
        raise Http404
    before = sharing.own_answer_to(pk, visible_to=request.user)
    said = ANSWERS[answer]
    sharing.say_tried(
        shared_id=pk, by=request.user, helped=said, reason=request.POST.get("reason", ""), now=request.now
    )
    back = next(word for word, meant in ANSWERS.items() if meant is before)
    undo = reverse("knowledge:tried", args=[pk, back]) if before is not said else ""
    tell(request, f"{SAID[said]}.", undo=undo)
    return redirect(f"{_came_from(request)}#piece-{pk}")


@login_required
@require_safe
def yours(request):
    """The pieces this person shared, and whether others find them now."""
    pieces = list(own_pieces(request.user))
    shown, today = shown_now(pieces), timezone.localdate(request.now)
    rows = [
        {
            "piece": piece,
            "shown": piece.pk in shown,
            "session": piece.piece.takeaway.session_id,
            "age": age(piece.piece.takeaway.written_at.date(), today),
        }
        for piece in pieces
    ]
    return render(request, "knowledge/yours.html", {"rows": rows})


@login_required
@require_POST
def out(request, pk):
    """Take one's own piece out."""
    sharing.take_out(shared_id=pk, by=request.user)
    messages.success(request, "Taken out. Nobody finds it any more; your card keeps it.")
    return redirect("knowledge:yours")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request, session):
    """The advice of a session as others would read it: its author changes the words, and shares them."""
    held = session_for(session, visible_to=request.user)
    rows = {row.piece.pk: row for row in sharing.proposals(held, visible_to=request.user)}
    refused, at = None, None
    if request.method == "POST":
        at = _key(request.POST.get("piece", ""), rows)
        refused = _share(request, held, rows, at)
        if refused is None and "again" not in request.POST:
            tell(request, "Shared, in these words.", link=reverse("knowledge:yours"), link_words="See what is yours")
            return redirect("knowledge:share", session=held.pk)
    allowed = any(row.shared for row in rows.values()) or sharing.author_lets_find(held)
    page = {"session": held, "rows": list(rows.values()), "refused": refused, "at": at, "allowed": allowed}
    return render(request, "knowledge/share.html", page, status=refused.status if refused else 200)


def _share(request, held, rows: dict, at: UUID) -> QuarterhourError | None:
    """Share the words of one piece, or make its row anew from what was typed; tells why they were not shared."""
    given, row = request.POST, rows[at]
    text, when, keep = given.get("text", ""), given.get("when", ""), sharing.kept_from(given.getlist("keep"))
    if "again" in given:
        text, when = given.get("source", ""), given.get("source_when", "")
        rows[at] = sharing.look_again(row, session=held, text=text, when=when, keep=keep)
        return None
    try:
        sharing.share(
            piece_id=at, session=held, by=request.user, text=text, applies_when=when, keep=keep, now=request.now
        )
    except QuarterhourError as refused:
        rows[at] = sharing.look_again(row, session=held, text=text, when=when, keep=keep)
        return refused
    return None


def _key(text: str, rows: dict) -> UUID:
    try:
        key = UUID(text)
    except ValueError:
        key = None
    if key not in rows:
        raise NotFound("This piece is no longer on the card. Look at the card once more.")
    return key


def _came_from(request) -> str:
    """The search this press came from, so that its results stand there again."""
    here = urlsplit(request.headers.get("referer", ""))
    page = reverse("knowledge:search")
    same = here.netloc == request.get_host() and here.path == page
    return f"{page}?{here.query}" if same and here.query else page
