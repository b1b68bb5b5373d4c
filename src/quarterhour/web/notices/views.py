"""Which news reaches a person where, and when not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.core.errors import Invalid
from quarterhour.notifications import channels, push_keys, targets
from quarterhour.notifications.models import Channel, PushBrowser, Webhook
from quarterhour.web import toasts
from quarterhour.web.notices.forms import BrowserForm, WebhookForm, WishesForm

# The kinds of news, in the words of the page: name, what happened.
ROWS = (
    (channels.REMINDERS, "A day and 15 minutes before a session"),
    (channels.BOOKINGS, "Somebody asks, says yes, moves or releases"),
    (channels.CARDS, "A session is over, and its card is open; a month later it helped somebody"),
    (channels.ACTIONS, "Something you took on is due today"),
    (channels.FOLLOW_UPS, "What became of a session, asked 7 and 30 days after it"),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request):
    """The table of channels and the quiet hours."""
    if request.method != "POST":
        return _page(request)
    form = WishesForm(request.POST)
    try:
        channels.choose(person=request.user, **form.typed())
    except Invalid as error:
        form.refuse(error)
        return _page(request, form=form, status=error.status)
    toasts.tell(request, "Kept. That is how news reaches you from now on.")
    return redirect("notices:notices")


@login_required
@require_POST
def add_browser(request):
    """What the page's script sends once the person has agreed in the browser itself. Answers in JSON."""
    try:
        given = BrowserForm(request.POST).typed()
    except Invalid as error:
        raise Invalid("This browser gave nothing we can use. Reload the page and try again.") from error
    targets.add_browser(person=request.user, now=request.now, **given)
    toasts.tell(request, "This browser hears your news now. Try it below.")
    return JsonResponse({"next": reverse("notices:notices")}, status=201)


@login_required
@require_POST
def remove_browser(request, pk):
    targets.remove_browser(person=request.user, pk=pk)
    toasts.tell(request, "That browser hears nothing any more.")
    return redirect("notices:notices")


@login_required
@require_POST
def webhook(request):
    """Set or replace the address. The secret is on the page that answers, and nowhere afterwards."""
    form = WebhookForm(request.POST)
    try:
        secret = targets.set_webhook(person=request.user, now=request.now, **form.typed())
    except Invalid as error:
        form.refuse(error)
        return _page(request, hook_form=form, status=error.status)
    return _page(request, secret=secret)


@login_required
@require_POST
def remove_webhook(request):
    targets.remove_webhook(person=request.user, now=request.now)
    toasts.tell(request, "The webhook is gone. Nothing is sent there any more.")
    return redirect("notices:notices")


@login_required
@require_POST
def try_out(request, pk):
    """A word through one channel, as news would come."""
    targets.try_out(person=request.user, org=request.org, target=pk, now=request.now)
    toasts.tell(request, "On its way. It should arrive within a few seconds.")
    return redirect("notices:notices")


def _page(request, *, form=None, hook_form=None, secret: str = "", status: int = 200):
    person, wishes = request.user, channels.wishes_of(request.user)
    hook = Webhook.objects.filter(person=person).first()
    browsers = list(PushBrowser.objects.filter(person=person).order_by("-made_at"))
    quiet = {"quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until}
    open_to = {Channel.MAIL: True, Channel.PUSH: bool(browsers), Channel.WEBHOOK: hook is not None}
    chosen = {name: form.data.getlist(name) if form else getattr(wishes, name) for name, _ in ROWS}
    page = {
        "form": form or WishesForm(initial=quiet),
        "rows": [_row(name, words, chosen[name], open_to) for name, words in ROWS],
        "amiss": [told for name, _ in ROWS for told in (form.errors.get(name, ()) if form else ())],
        "browsers": browsers,
        "hook": hook,
        "hook_form": hook_form or WebhookForm(initial={"url": hook.url if hook else ""}),
        "secret": secret,
        "push_key": push_keys.public(now=request.now),
        "silent": not chosen[channels.REMINDERS],
    }
    return render(request, "notices/notices.html", page, status=status)


def _row(name: str, words: str, chosen, open_to: dict) -> dict:
    """One kind of news with a tick for each channel; a channel that leads nowhere yet keeps its tick for later."""
    ticks = [
        {
            "channel": channel.value,
            "label": channel.label.lower(),
            "checked": channel.value in chosen,
            "always": channel == Channel.MAIL and name in channels.ALWAYS_BY_MAIL,
            "open": open_to[channel],
        }
        for channel in Channel
    ]
    return {"name": name, "words": words, "ticks": ticks}
