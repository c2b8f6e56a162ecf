"""Words of the forms that are no questions: instructions, consent, headings; {gaps} are filled from project.toml."""

from vunki_eval.language import N_

CONSENT = (
    N_("This survey helps to evaluate the project “{title}”. {applicant} asks and is responsible for the data."),
    N_("Taking part is voluntary. You may skip any question and stop at any time."),
    N_(
        "Your name is not asked. {link} In a small community this is not full anonymity, so the answers "
        "are treated as personal data."
    ),
    N_(
        "Only totals are published. No numbers are shown for groups of fewer than {threshold} "
        "people.{stage} Open answers are quoted only after a person has checked that nobody can be "
        "recognised."
    ),
    N_("{until} To have your answers deleted, turn to the organisation that asks and tell it your code."),
)
"""Paragraphs before the first question; a file ``surveys/consent.<language>.md`` replaces them."""
TEXTS = {
    "before_you_answer": N_("Before you answer"),
    "link_code": N_(
        "Answers given before and after are brought together by a code of your own making; the code is "
        "made unreadable while it is read and is never published."
    ),
    "link_token": N_(
        "Answers given before and after are brought together by the code of your invitation. Who was "
        "given which code stands only in a list that the organiser keeps apart; that list is not with "
        "the answers. The code is made unreadable while it is read and is never published."
    ),
    "stage": N_(
        "When at least two members of a team tell the same stage of their idea at follow-up, the stage "
        "may go into the public register of initiatives."
    ),
    "until": N_("Answers are kept until {date}."),
    "no_until": N_("Answers are deleted when the evaluation no longer needs them."),
    "code_title": N_("Your code"),
    "code_intro": N_(
        "A few short answers make a code that only you know. Please answer them the same way each time. "
        "If you do not know or do not wish to say, leave a field empty or write X."
    ),
    "token_title": N_("The code of your invitation"),
    "token_intro": N_(
        "The code is in your invitation or on your card. The same code holds before, after and later. "
        "If you have none, leave the field empty."
    ),
    "token_text": N_("Code of the invitation"),
    "token_card": N_("Your survey code"),
    "token_card_intro": N_(
        "Please keep this card: every survey asks for the same code. The code is not your name; only "
        "the organiser knows to whom it was given."
    ),
    "own_card_intro": N_(
        "Write down the same answers that you gave in the survey, and keep this card: the same code is "
        "asked again later. The card is not collected."
    ),
    "card_number": N_("Card {number}"),
    "questions": N_("The questions"),
    "code_card": N_("Code card"),
    "code_card_intro": N_(
        "Keep this card: the same code is asked again later. The card stays with you and is not collected."
    ),
    "choose_one": N_("Mark one."),
    "choose_many": N_("Mark all that apply."),
    "one_per_row": N_("Mark one in each row."),
    "or_leave": N_("or mark:"),
    "between": N_("{low} to {high}"),
    "hint_number": N_("Write a number ({low}–{high})."),
    "hint_missing": N_("If you cannot or do not wish to answer: {codes}."),
    "bad_number": N_("The number must lie between {low} and {high}."),
    "bad_most": N_("The number cannot be larger than in the earlier question."),
    "bad_token": N_("The code is in your invitation: twelve letters and digits, such as K7RT-9XQM-4CAC."),
    "bad_code": N_("Write a number or X, or leave it empty."),
    "which_wave": N_("Which questionnaire is this?"),
    "thanks": N_("Thank you for answering!"),
    "draft": N_("Draft wording: a native editor and a pilot are still to come."),
}
