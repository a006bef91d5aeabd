"""What customers wrote to Globex about bills, contracts and data protection, in English."""

from seldesk.demo.documents import letter, meeting, table
from seldesk.demo.globex import (
    ALICE,
    GIDEON,
    MAAIKE,
    NORA,
    PRIYA,
    RAVI,
    TESSA,
)
from seldesk.demo.pictures import BLUE, logo
from seldesk.demo.story import mail, note, reply, story, take, turn

TICKETS = (
    story(
        GIDEON,
        "Cancel my subscription",
        mail("Please cancel Tally at the end of the term. Too many buttons for a carpenter.\n\nGideon Marsh"),
        take(MAAIKE, 1, "billing", "cancellation"),
        reply(
            MAAIKE,
            1,
            """
            Hello Gideon,

            cancelled to the end of the month, you pay nothing after that. You can fetch all your figures
            at **Settings → Export** until 30 days later.

            One question, and no is a fine answer: would a version with four buttons (income, cost, invoice,
            done) have kept you?
            """,
        ),
        mail("Actually yes. You got one?", 22, quoting=True),
        reply(
            MAAIKE,
            3,
            """
            It's called *Tally Plain* and you can switch to it under Settings → Look. Nothing gets lost, and
            your cancellation stays unless you withdraw it.
            """,
        ),
        mail("Withdrawn. Thats more like it", 50),
        turn(MAAIKE, 1, "solved"),
        days=(25, 33),
    ),
    story(
        NORA,
        "Accessibility of the new chart view",
        mail(
            """
            Hello,

            one of our accountants uses a screen reader. In the new chart view she hears "graphic" and nothing
            more; the old one had a table. As a public body we cannot roll it out like that. Is there a switch
            back, and are there plans?

            Kind regards
            Nora Fitzsimon
            Glenmoor Council
            """,
        ),
        take(PRIYA, 2, "tally", "accessibility"),
        note(
            PRIYA,
            1,
            """
            Design says the table returns as 'Show data' in the next release, in about two weeks. Keyboard
            order is broken too.
            """,
        ),
        reply(
            PRIYA,
            0.4,
            """
            Hello Nora,

            she is right and so are you. The table comes back in the next release (button *Show data*, read
            before the picture). Until then an owner can switch the old view on for everybody: **Settings →
            Look → Classic charts**.

            Would your colleague be willing to try it before we release? We would pay for her hour.
            """,
        ),
        mail(
            "She'd be delighted, she has opinions. In copy: moira.haldane@glenmoor-council.example.",
            23,
            quoting=True,
        ),
        reply(
            PRIYA,
            1,
            "Wonderful. Moira, I sent you an invitation for Thursday, 30 minutes, with your own machine.",
            files=(
                meeting(
                    "chart-test.ics",
                    "Trying out charts with a screen reader",
                    "by telephone",
                    days=6,
                    hour=9,
                    minutes=30,
                    weekdays=(3,),
                ),
            ),
        ),
    ),
    story(
        TESSA,
        "Invoice in USD instead of EUR",
        mail(
            """
            Hi, our last invoice for Tally is suddenly in dollars. We pay in euro since forever. Please fix
            and resend.

            Tessa
            """
        ),
        take(MAAIKE, 2, "billing"),
        reply(
            MAAIKE,
            1,
            """
            Hi Tessa, a wrong default at our payment partner, sorry. The new one in euro is attached, please
            ignore the other.
            """,
            "solved",
            files=(
                letter(
                    "invoice-T-5012.pdf",
                    "Invoice T-5012",
                    "Tally Team, 8 seats, one month",
                    "Net 96.00 EUR",
                    "VAT 0.00 (reverse charge)",
                    "Total 96.00 EUR",
                ),
            ),
        ),
    ),
    story(
        ALICE,
        "Request for penetration test report and subprocessors",
        mail(
            """
            Dear Globex,

            for our yearly supplier review please send
            1. the summary of your latest penetration test
            2. the list of subprocessors with countries
            3. where our data is stored, and how backups are encrypted

            Deadline on our side is in three weeks.

            Alice Pemberton
            """,
            rich=True,
            inline=(logo("coastline.png", "CF", BLUE),),
        ),
        take(MAAIKE, 4, "security", "audit"),
        reply(
            MAAIKE,
            20,
            """
            Dear Alice,

            1. attached (summary; the full report under a confidentiality agreement)
            2. attached
            3. two data centres in the Netherlands, backups encrypted with a key per customer

            If your form has questions of its own, send it and I fill it in.
            """,
            files=(
                letter(
                    "pentest-summary.pdf",
                    "Penetration test, summary",
                    "Scope: Tally web and API",
                    "High: 0, medium: 2 (fixed), low: 5 (4 fixed)",
                ),
                table(
                    "subprocessors.csv",
                    "name;purpose;country",
                    "Polderhost;data centre;NL",
                    "Briefpost;mail;NL",
                    "Kaartpay;payments;DE",
                ),
            ),
        ),
        mail(
            "Thank you, very complete. Form attached after all (sorry, 84 questions)",
            45,
            quoting=True,
            files=(
                table(
                    "questionnaire.csv",
                    "no;question;answer",
                    "1;Do you have a security officer?;",
                    "2;How often do you test restores?;",
                ),
            ),
        ),
        note(
            MAAIKE,
            3,
            "Answers from last year's form cover about 60 of the 84. Jonas, can you take 31 to 44 (network)?",
        ),
        turn(MAAIKE, 0.1, "open"),
    ),
    story(
        NORA,
        "Training for 12 people",
        mail(
            """
            Could someone train 12 of our people in Tally, ideally in two groups? Remote is fine, afternoons
            are better.

            Nora
            """
        ),
        take(MAAIKE, 5, "training"),
        reply(
            MAAIKE,
            2,
            """
            Gladly, Nora: two sessions of 90 minutes, 240 together. Suggestions attached, say which one does
            not fit.
            """,
            files=(
                meeting("tally-group-1.ics", "Tally for Glenmoor, group 1", "online", days=10, hour=13, minutes=90),
                meeting("tally-group-2.ics", "Tally for Glenmoor, group 2", "online", days=11, hour=13, minutes=90),
            ),
        ),
        mail(
            """
            I am out of the office until Wednesday with no access to mail. For urgent matters contact
            finance@glenmoor-council.example.

            Nora Fitzsimon
            """,
            0.01,
            headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        ),
    ),
    story(
        RAVI,
        "Delete the data of one former employee (privacy request)",
        mail(
            """
            Hi,

            a former colleague asked us to erase her personal data. In Tally she appears as author of about 30
            comments. What can be deleted, what must stay for bookkeeping? We need to answer her within the
            month.

            Ravi
            """,
        ),
        take(MAAIKE, 1, "privacy", priority="high"),
        note(
            MAAIKE,
            4,
            """
            Comments: name can be replaced by 'former user'. Bookings must stay 7 years. Asked legal for the
            wording.
            """,
        ),
        reply(
            MAAIKE,
            22,
            """
            Hi Ravi, under **People → Erase** her name, address and picture are removed; comments stay as
            "former user". Bookings keep an id without a name for seven years, as the law wants. You can quote
            this.
            """,
        ),
    ),
    story(
        GIDEON,
        "Wrong VAT on my invoices to Ireland",
        mail(
            """
            I sold a staircase to Ireland and Tally put 21% on it. Customer says should be 0. Who is right

            Gideon
            """,
            files=(
                letter(
                    "staircase.pdf",
                    "Invoice 118",
                    "Oak staircase, 14 steps",
                    "Net 4200.00",
                    "VAT 21 % 882.00",
                    "Total 5082.00",
                ),
            ),
        ),
        take(PRIYA, 1, "tally", "billing"),
        reply(
            PRIYA,
            0.6,
            """
            If your customer is a company with a VAT number, 0 and "reverse charge" is right. Enter the number
            at **Customer → Tax** and make the invoice again. If it is a private person, 21 stays. When in
            doubt please ask your accountant.
            """,
        ),
        mail("It is a company. number entered, invoice looks right. ta", 5),
        turn(PRIYA, 1, "solved"),
    ),
    story(
        RAVI,
        "Question on retention of audit log",
        mail(
            """
            How long do you keep the audit log and can we export it daily? Customer of ours wants 2 years.

            Ravi
            """
        ),
        take(MAAIKE, 3, "audit"),
        note(PRIYA, 2, "We keep 400 days. Export by API exists (events.list), daily is fine."),
    ),
)
