"""Notes become a card: who does what until when, and what is no promise at all."""

import pytest
from takeaway_notes import actions, card

NOTES = """
- J. = staff nurse, 9 yrs, offered the rota job
- B did it for four years. first months were "complaints inbox with legs"
- B: never take over a rota without its rules on paper
- ask for a trial of 8 weeks, if they want you off the ward
- J to ask the head nurse for the return clause by Fri
- J: count the swap requests of last month, before the 14th
- B sends her old rule sheet tmrw
- maybe someday J does the planning course
- HR will confirm the grade by Monday
"""


def test_a_page_of_notes_becomes_a_card():
    told = card(NOTES)

    assert [(action.owner, action.text, str(action.due)) for action in told.actions] == [
        ("mentee", "Ask the head nurse for the return clause", "2026-03-06"),
        ("mentee", "Count the swap requests of last month", "2026-03-13"),
        ("mentor", "Send her old rule sheet", "2026-03-04"),
    ]
    assert [(advice.text, advice.applies_when) for advice in told.advice] == [
        ("Never take over a rota without its rules on paper", None),
        ("Ask for a trial of 8 weeks", "they want you off the ward"),
    ]


def test_every_sentence_of_the_card_says_where_it_was_written():
    told = card(NOTES, ("mentee", "and I'll call the union on Monday"))

    for source in [*(each.source for each in told.actions), *(each.source for each in told.advice)]:
        text = NOTES if source.line is None else "and I'll call the union on Monday"
        assert text[source.start : source.end] == source.words


@pytest.mark.parametrize(
    ("line", "owner", "text"),
    [
        ("J to ask HR by Fri", "mentee", "Ask HR"),
        ("J. to ask HR by Fri", "mentee", "Ask HR"),
        ("j to ask HR by fri", "mentee", "Ask HR"),
        ("jonas will ask HR by Fri", "mentee", "Ask HR"),
        ("Jonas: ask HR by Fri", "mentee", "Ask HR"),
        ("J – ask HR – Fri", "mentee", "Ask HR"),
        ("J -> ask HR by Fri", "mentee", "Ask HR"),
        ("JK asks HR by Fri", "mentee", "Ask HR"),
        ("by Fri J asks HR", "mentee", "Ask HR"),
        ("J (by Fri): ask HR", "mentee", "Ask HR"),
        ("@Jonas: ask HR by Fri", "mentee", "Ask HR"),
        ("**Jonas**: ask HR by Fri", "mentee", "Ask HR"),
        ("AP Jonas: ask HR by Fri", "mentee", "Ask HR"),
        ("todo: ask HR by Fri", "mentee", "Ask HR"),
        ("[ ] ask HR by Fri", "mentee", "Ask HR"),
        ("ask HR by Fri (Jonas)", "mentee", "Ask HR"),
        ("ask HR -> J, Fri", "mentee", "Ask HR"),
        ("J's homework: ask HR by Fri", "mentee", "Ask HR"),
        ("Keller asks HR by Fri", "mentee", "Ask HR"),
        ("you'll ask HR by Fri", "mentee", "Ask HR"),
        ("J needs to ask HR by Fri", "mentee", "Ask HR"),
        ("J agreed to ask HR by Fri", "mentee", "Ask HR"),
        ("Bea shares the slides tomorrow", "mentor", "Share the slides"),
        ("Beatrice shares the slides tomorrow", "mentor", "Share the slides"),
        ("B => share the slides, tomorrow", "mentor", "Share the slides"),
        ("B: I'll share the slides tomorrow", "mentor", "Share the slides"),
        ("Dr. Almeida shares the slides tomorrow", "mentor", "Share the slides"),
        ("B can share the slides -> yes please, tomorrow", "mentor", "Share the slides -> yes please"),
        ("J + B walk the site on Saturday", "both", "Walk the site"),
        ("both: walk the site on Saturday", "both", "Walk the site"),
        ("we walk the site on Saturday", "both", "Walk the site"),
        ("J and Ana walk the site on Saturday", "mentee", "Walk the site"),
    ],
)
def test_initials_names_and_signs_tell_the_owner(line, owner, text):
    ((found_owner, found_text, day),) = actions(line)

    assert (found_owner, found_text) == (owner, text)
    assert day in ("03-06", "03-04", "03-07")


def test_a_list_under_a_name_belongs_to_that_person():
    assert actions(
        "Jonas:\n- draft the one-pager by Fri\n- show it to two customers\n\nBeatriz:\n- read it on Sunday"
    ) == [
        ("mentee", "Draft the one-pager", "03-06"),
        ("mentee", "Show it to two customers", None),
        ("mentor", "Read it", "03-08"),
    ]


def test_under_a_heading_a_task_needs_neither_name_nor_day():
    assert actions(
        "Long talk about money.\n\nNext steps\n- open an account\n- J calls the bank\n\nIdeas\n- move to Porto"
    ) == [
        ("mentee", "Open an account", None),
        ("mentee", "Call the bank", None),
    ]


def test_a_day_as_heading_dates_the_list_below():
    assert actions("By Friday:\n- J: count the returns\n- B: mail the sheet") == [
        ("mentee", "Count the returns", "03-06"),
        ("mentor", "Mail the sheet", "03-06"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "J asked HR last week",
        "J has already booked the course for 5 May",
        "[x] J asks HR by Fri",
        "~~J asks HR by Fri~~",
        "J asks HR by Fri (done yesterday)",
        "J asks HR → done",
        "maybe J asks HR by Fri",
        "J might ask HR by Fri",
        "J could ask HR by Fri",
        "J wants to ask HR by Fri",
        "J thinks about it until Sunday",
        "if the bank says no by Friday, J calls the credit union",
        "J asks HR by Fri if Ana agrees",
        "J will NOT ask HR by Fri",
        "J tells nobody at work",
        "J asks HR by Fri?",
        "Ana will ask HR by Fri",
        "HR promised an answer by Friday",
        "the landlord has to fix the roof by 15 March",
        "they decide next Tuesday",
        "J gets the results on Thursday",
        "J starts Monday",
        "J works nights, four a week",
        "J teaches on Fridays",
        "J is in Oslo next week",
        "deadline for the form is Friday",
        "interview 27 March",
        "B: I'm around Thursday if you want to rehearse",
        "B offered to read a draft, J says later",
        "B: the window closes on Friday",
        "B can lend the book",
        "don't hand in your notice before Friday",
        "no decision today, J wants to sleep on it",
        "J = staff nurse, 9 yrs",
        "B's shop opened on 3 May 2019",
    ],
)
def test_what_only_looks_like_a_promise_is_left_out(line):
    assert actions(line) == []


@pytest.mark.parametrize(
    ("notes", "left"),
    [
        ("J calls the union by Thu\nscrap that", []),
        ("J calls the union by Thu. No, forget it", []),
        ("J calls the union by Thu -- never mind, they called", []),
        ("1. J calls the union by Thu\n2. J mails Tom, Fri\nscrap 2, Tom left", ["Call the union"]),
        ("B sends the book list tomorrow\nJ calls Sam on Fri\nactually B won't send the book list", ["Call Sam"]),
        ("B sends the book list tomorrow\nno need for the book list, J has it", []),
        (
            "J was going to sell the van. scrap that, will sell the trailer instead by end of April",
            ["Sell the trailer"],
        ),
    ],
)
def test_what_is_called_off_later_is_off_the_card(notes, left):
    assert [text for _, text, _ in actions(notes)] == left


@pytest.mark.parametrize(
    ("notes", "day"),
    [
        ("J asks Sam by Friday (edit: by Monday)", "03-09"),
        ("J rewrites the intro by Thu -> make that Sat", "03-07"),
        ("J books the hall for 20 March\nhall: moved to 27 March", "03-27"),
        ("J books a room. by Monday", "03-09"),
        ("J books a room\n   by Monday", "03-09"),
        ("closes on 29 May. J registers by then", "05-29"),
        ("5. J pulls the data by Thu\nJ marks the days - same day as (5)", "03-05"),
        ("interview is 27 March\nJ prints the plan before the interview", "03-26"),
        ("interview is 27 March\nJ prints the plan two days before the interview", "03-25"),
        ("J writes the page by 10 March\nB marks it up in two days", "03-12"),
        ("J mails Sam by 10 March, B calls Sam two days later", "03-12"),
        ("J mails Sam by 10 March, B calls Sam the Friday after", "03-13"),
        ("J keeps a log until 15 March", "03-15"),
        ("J keeps a log of his hours for 14 days", "03-17"),
        ("J calls HR next week (Thu)", "03-12"),
        ("J calls HR next week, Tuesday or Wednesday", "03-11"),
        ("J calls HR this afternoon because the boss leaves on Thursday", "03-03"),
        ("J calls HR on Thursday (Friday if HR is closed)", "03-05"),
        ("J sends the template: tonight. no, he has a play, tomorrow", "03-04"),
        ("J drafts it by Friday, B comments within two days", "03-08"),
        ("J meets HR on Friday and tells B the next day", "03-07"),
        ("exam is 20 March\nJ sends the CV three days before that", "03-17"),
        ("B and J talk again on 20 March\nJ sends the draft before our next call", "03-19"),
        ("J to ring B after the board meeting", None),
        ("J to show the sheet when Ana has it", None),
        ("J reads it within three days of getting it\nJ calls Ana by Fri", None),
    ],
)
def test_a_day_may_be_told_by_the_lines_around(notes, day):
    days = [due for _, _, due in actions(notes)]

    assert day in (days[0], days[-1])


def test_two_deeds_with_two_days_are_two_actions():
    assert actions("J mails HR today and calls Sam on Friday, B reads both at the weekend") == [
        ("mentee", "Mail HR", "03-03"),
        ("mentee", "Call Sam", "03-06"),
        ("mentor", "Read both", "03-08"),
    ]


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        ([("mentee", "ok so I'll draft the letter by Thu")], [("mentee", "Draft the letter", "03-05")]),
        ([("mentee", "will ask my boss tomorrow morning")], [("mentee", "Ask my boss", "03-04")]),
        (
            [("mentor", "send me the draft by Sunday"), ("mentee", "will do")],
            [("mentee", "Send me the draft", "03-08")],
        ),
        ([("mentor", "can you ask Sam?"), ("mentee", "yes, by Monday")], [("mentee", "Ask Sam", "03-09")]),
        ([("mentor", "happy to do a mock on Thu"), ("mentee", "yes please")], [("mentor", "Do a mock", "03-05")]),
        ([("mentor", "I could introduce you to Ruth"), ("mentee", "maybe later")], []),
        ([("mentee", "could you share the sheet?"), ("mentor", "sorry, not mine to share")], []),
        ([("mentor", "send me the draft by Sunday")], []),
        ([("mentee", "I promised you the recipe haha"), ("mentor", "yes!! send it whenever")], []),
    ],
)
def test_in_the_chat_offers_and_requests_need_an_answer(chat, expected):
    assert actions("", *chat) == expected


def test_the_chat_may_call_off_what_the_notes_promise():
    assert actions("J calls the clinic by Fri", ("mentee", "scrap the clinic, they just mailed me")) == []


GERMAN = """
- Jonas fragt die Chefin bis Freitag
- Bea schickt morgen die Vorlage
- vielleicht macht Jonas den Kurs
- Jonas hat gestern angerufen
- die Chefin meldet sich am Montag
"""
FRENCH = """
- Jonas appelle la banque avant jeudi
- Bea envoie le modèle demain
- peut-être un jour un comptable
- Jonas a déjà écrit
- si la banque refuse, Jonas cherche ailleurs
"""
SPANISH = """
- Jonas llama al banco el lunes
- Bea envía la plantilla mañana
- quizás Jonas haga el curso
- ya llamó ayer
- si el banco dice no, Jonas busca otro
"""
PORTUGUESE = """
- Jonas liga para o banco na segunda
- Bea envia o modelo amanhã
- talvez Jonas faça o curso
- Jonas se inscreve até dia 14
"""
ITALIAN = """
- Jonas chiama la banca lunedì
- Bea manda il modello domani
- forse Jonas fa il corso
- Jonas si iscrive entro il 14
"""
MENTEE_AND_MENTOR = [("mentee", "03-09"), ("mentor", "03-04")]


@pytest.mark.parametrize(
    ("language", "notes", "expected"),
    [
        ("de", GERMAN, [("mentee", "03-06"), ("mentor", "03-04")]),
        ("fr", FRENCH, [("mentee", "03-04"), ("mentor", "03-04")]),
        ("es", SPANISH, MENTEE_AND_MENTOR),
        ("pt", PORTUGUESE, [*MENTEE_AND_MENTOR, ("mentee", "03-14")]),
        ("it", ITALIAN, [*MENTEE_AND_MENTOR, ("mentee", "03-14")]),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_five_other_languages_are_read_too_even_when_nobody_names_them(language, notes, expected, told):
    found = actions(notes, language=language if told else None)

    assert [(owner, day) for owner, _, day in found] == expected


def test_an_initial_of_both_goes_to_the_one_whose_name_is_not_spelled_out():
    found = actions("Mark asks HR by Fri\nM sends the sheet tomorrow", mentor="Maria Lopez", mentee="Mark Twist")

    assert [owner for owner, _, _ in found] == ["mentee", "mentor"]


@pytest.mark.parametrize(
    ("notes", "insight", "advice"),
    [
        ("Advice: never defend the old date", "", ["Never defend the old date"]),
        ("What changed for me: a lead role can be a trial", "A lead role can be a trial", []),
        ("Insight: Tuesdays matter", "Tuesdays matter", []),
        (
            "What changed for me: a lead role can be a trial\nBettina's advice: never defend the old date",
            "A lead role can be a trial",
            ["Never defend the old date"],
        ),
    ],
)
def test_a_line_with_a_label_goes_where_its_label_says(notes, insight, advice):
    told = card(notes)

    assert (told.insight, [each.text for each in told.advice]) == (insight, advice)


@pytest.mark.parametrize(
    ("notes", "advice"),
    [
        (
            "B: never defend the old date. Ask for two weeks more.",
            ["Never defend the old date", "Ask for two weeks more"],
        ),
        ("Plan:\nB: wake the one who can decide\nNext steps\nJ: email her", ["Wake the one who can decide"]),
        ("Beatriz says: ask for the range first", ["Ask for the range first"]),
        ("Do not answer by mail, call", ["Do not answer by mail, call"]),
        (
            "Tell them what you know and when you will know more",
            ["Tell them what you know and when you will know more"],
        ),
        ("Beatriz said a lot about the range", []),
        ("not a promise", []),
        ("J: they never answer at night", []),
    ],
)
def test_what_the_mentor_says_is_advice_wherever_it_stands(notes, advice):
    assert [each.text for each in card(notes).advice] == advice


def test_a_condition_before_an_order_says_when_it_applies():
    (advice,) = card("If they name a number, write it down and wait").advice

    assert (advice.text, advice.applies_when) == ("Write it down and wait", "they name a number")


@pytest.mark.parametrize("line", ["J: email the head nurse by Thursday", "J: email by Thursday", "J: email (by Thu)"])
def test_a_day_at_the_end_leaves_the_words_once_it_is_the_date(line):
    (action,) = card(line).actions

    assert action.due is not None
    assert "Thu" not in action.text


def test_what_was_struck_out_stays_in_the_words_of_the_source():
    (action,) = card("", ("mentee", "I'll call ~~the boss~~ the union on Monday")).actions

    assert action.source.words == "I'll call ~~the boss~~ the union on Monday"
