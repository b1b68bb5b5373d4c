from __future__ import annotations

from django.urls import path

from quarterhour.web.decide import closing, marking, paper, placing, sharing, views

app_name = "decide"
urlpatterns = [
    path("", views.decisions, name="decisions"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.board, name="board"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/remove/", views.remove, name="remove"),
    path("<uuid:pk>/lay/<uuid:session>/", placing.lay, name="lay"),
    path("<uuid:pk>/lay/in-writing/<uuid:answer>/", placing.lay_answer, name="lay_answer"),
    path("<uuid:pk>/advice/<uuid:laid>/", placing.advice, name="advice"),
    path("<uuid:pk>/advice/<uuid:laid>/place/", placing.place, name="place"),
    path("<uuid:pk>/advice/<uuid:laid>/off/", placing.off, name="off"),
    path("<uuid:pk>/pair/", placing.pair, name="pair"),
    path("<uuid:pk>/weights/", placing.weights, name="weights"),
    path("<uuid:pk>/marks/", marking.mark, name="mark"),
    path("<uuid:pk>/another-view/", placing.another_view, name="another_view"),
    path("<uuid:pk>/record/", closing.record, name="record"),
    path("<uuid:pk>/looked-back/", closing.looked_back, name="looked_back"),
    path("<uuid:pk>/ask-back/", closing.ask_back, name="ask_back"),
    path("<uuid:pk>/share/", sharing.share, name="share"),
    path("<uuid:pk>/share/<uuid:mentor>/end/", sharing.end, name="end_share"),
    path("<uuid:pk>/comment/", sharing.comment, name="comment"),
    path("<uuid:pk>/board.md", paper.markdown, name="markdown"),
    path("<uuid:pk>/board.pdf", paper.pdf, name="pdf"),
]
