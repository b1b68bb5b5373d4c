from __future__ import annotations

from django.urls import path

from quarterhour.web.people import blocks, join, passkeys, profile, settings, sign_in

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/sent/", sign_in.sent, name="sent"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/options/", passkeys.options, name="passkey_options"),
    path("sign-in/<str:secret>/", sign_in.enter, name="enter"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/", sign_in.welcome, name="welcome"),
    path("me/", profile.profile, name="profile"),
    path("me/edit/", profile.edit, name="edit"),
    path("me/pause/", profile.pause, name="pause"),
    path("me/stop/", profile.stop, name="stop"),
    path("me/stories/", profile.add_story, name="add_story"),
    path("me/stories/restore/", profile.restore_story, name="restore_story"),
    path("me/stories/<uuid:story_id>/", profile.change_story, name="story"),
    path("me/stories/<uuid:story_id>/remove/", profile.remove_story, name="remove_story"),
    path("me/settings/", settings.settings, name="settings"),
    path("me/settings/zone/", settings.zone, name="zone"),
    path("me/settings/sign-out-elsewhere/", sign_in.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/settings/again/", passkeys.again, name="again"),
    path("me/settings/again/mail/", passkeys.again_by_mail, name="again_by_mail"),
    path("me/passkeys/", passkeys.add, name="passkey_add"),
    path("me/passkeys/options/", passkeys.new_options, name="passkey_new_options"),
    path("me/passkeys/<int:pk>/remove/", passkeys.remove, name="passkey_remove"),
    path("join/", join.join, name="join"),
    path("people/<uuid:person_id>/", profile.mentor, name="mentor"),
    path("people/<uuid:person_id>/block/", blocks.block, name="block"),
    path("me/blocked/<uuid:person_id>/undo/", blocks.unblock, name="unblock"),
    path("skills/", profile.skills, name="skills"),
]
