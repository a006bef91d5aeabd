"""What customers wrote to Globex about Tally, in English."""

from seldesk.demo.documents import plain, table
from seldesk.demo.globex import (
    ALICE,
    CALLUM,
    GIDEON,
    JONAS,
    MAAIKE,
    MEERA,
    MONITOR,
    NORA,
    ODDVAR,
    OSKAR,
    PRIYA,
    RAVI,
    SOFIA,
    TESSA,
    YUSUF,
)
from seldesk.demo.pictures import RED, bars, logo, screen
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

TICKETS = (
    story(
        TESSA,
        "Tally export: totals differ from the dashboard",
        mail(
            """
            Hello Globex,

            we are trying to close the month. The dashboard says 48,212.40 for Orchard East, but the CSV
            export of the very same view adds up to 47,906.15. Difference 306.25. Both made within a minute of
            each other.

            Export attached. Which one is right?

            Tessa Nakagawa-Bright
            Bright Orchards
            """,
            files=(
                table(
                    "orchard-east.csv",
                    "date;crate;amount",
                    "{day};apples grade 1;18204.00",
                    "{day};apples grade 2;9702.15",
                    "{day};pears;20000.00",
                ),
            ),
        ),
        take(PRIYA, 1, "tally", "export", priority="high"),
        note(
            PRIYA,
            2,
            """
            Reproduced: rows booked after 23:00 UTC fall out of the export when the account's zone is ahead.
            Reported to development.
            """,
        ),
        reply(
            PRIYA,
            0.3,
            """
            Hello Tessa,

            the **dashboard is right**. The export leaves out what was booked in the last hour of the day in
            your time zone: three rows, exactly 306.25. It's our bug and the fix is being tested. Until then
            set the export's zone to UTC, and the sums agree.
            """,
        ),
        mail(
            """
            Checked with UTC, matches to the cent. Please tell me when it's really fixed, our auditor collects
            these things.
            """,
            5,
            quoting=True,
        ),
        reply(
            PRIYA,
            74,
            "The fix is live since this morning. I ran your export again in your own zone: 48,212.40.",
            "solved",
        ),
        mail("Confirmed. Thanks Priya, nicely handled.", 3, quoting=True),
        turn(PRIYA, 0.5, "solved"),
    ),
    story(
        ALICE,
        "API returns 429 although we are far below the limit",
        mail(
            """
            Hi support,

            our nightly import (about 2,000 calls) gets 429 after roughly 600. Docs say 5,000 an hour. We send
            one token, one connection, no parallel calls. Response headers:

            HTTP/1.1 429
            retry-after: 41
            x-limit: 600
            x-remaining: 0

            Has the limit been changed?

            Alice Pemberton
            Coastline Ferries, IT
            """,
        ),
        take(PRIYA, 0.8, "api"),
        reply(
            PRIYA,
            0.5,
            """
            Hi Alice,

            the limit is still 5,000, but *trial* tokens get 600, and yours was made before you upgraded. Make
            a new one at
            **Settings → Tokens** and it has the full limit. We should upgrade old tokens by ourselves, I
            filed that.
            """,
        ),
        mail("New token, import went through in 11 minutes. Thank you!", 18, quoting=True),
        turn(PRIYA, 1, "solved"),
    ),
    story(
        ALICE,
        "Webhook retries: how often and for how long?",
        mail(
            """
            Quick one, can't find it in the docs: if our endpoint is down for the night, do we lose events?

            Alice
            """
        ),
        take(PRIYA, 2, "api", "how-to"),
        reply(
            PRIYA,
            0.5,
            """
            No: we try for 72 hours, first after a minute, then with growing pauses up to an hour. After that
            they stay under **Webhooks → Undelivered** for 30 days, where you can send them again. The page in
            the docs follows today.
            """,
            "solved",
        ),
    ),
    story(
        RAVI,
        "[ALERT] tally.globex.example: response time 4.2 s",
        mail(
            """
            CHECK    https://tally.globex.example/login
            STATE    WARNING
            VALUE    4.2 s (limit 2.0 s)
            SINCE    6 min

            Sent by the monitor of Lumen Analytics. Answers are read by Ravi.
            """,
            sender=MONITOR,
        ),
        take(JONAS, 0.2, "tally", "performance", priority="high"),
        note(
            JONAS,
            0.2,
            "Real. Report worker took all connections on node 3, killed a 40 min report. 1.1 s now.",
        ),
        reply(
            JONAS,
            0.2,
            """
            Hi Ravi, your monitor is right: one very large report slowed a node down for eleven minutes. It is
            back to normal.
            """,
        ),
        mail(
            "Confirmed, green again. Might be worth a line on your status page next time?",
            1.5,
            quoting=True,
            files=(bars("response-times.png", "RESPONSE MS", 420, 480, 510, 4200, 3900, 1100, 430),),
        ),
        reply(
            MAAIKE,
            2,
            """
            Fair point. The line is there now, and from next month slow counts as an incident as well as down.
            """,
            "solved",
        ),
    ),
    story(
        ODDVAR,
        "Import of old figures from spreadsheet",
        mail(
            """
            Good day,

            we have 9 years of catch and sales in one spreadsheet (about 31 000 rows) and would like to see it
            in Tally. Date is like 3/4/2016 which is the third of April with us. Sample with 5 rows attached.
            Can you do it for us and what does it cost?

            With best regards from the coast
            Oddvar Strand
            """,
            files=(
                table(
                    "sample.csv",
                    "date,boat,species,kg,nok",
                    "3/4/2016,Havsula,cod,1200,21600",
                    "4/4/2016,Havsula,haddock,300,4100",
                    "4/4/2016,Ternen,cod,950,17100",
                ),
            ),
        ),
        take(PRIYA, 2, "tally", "import"),
        reply(
            PRIYA,
            1,
            """
            Good day Oddvar, you can do it yourself, it costs nothing: **Data → Import → Date format d/m/y**.
            Try it with the sample first; every import can be undone for seven days. If you'd rather not, we
            do it for 90.
            """,
        ),
        mail(
            """
            Tried the sample, then all of it. 31 004 rows, 6 with errors (my own spelling of halibut). Very
            nice tool.
            """,
            40,
            quoting=True,
        ),
        turn(PRIYA, 1, "solved"),
        days=(28, 33),
    ),
    story(
        RAVI,
        "SSO: users land on a blank page after sign-in",
        mail(
            """
            Hi,

            we switched on single sign-on for lumen-analytics today. Login at our provider works, then Tally
            shows a white page. Console:

            > Refused to load https://tally.globex.example/callback because it violates the following
            directive

            About 60 people affected, we switched back to passwords for now.

            Ravi
            """,
            files=(
                plain(
                    "console.txt",
                    "GET /callback?code=... 200",
                    "Refused to load /callback: violates the directive form-action",
                    "Uncaught: state is missing",
                ),
            ),
        ),
        take(PRIYA, 0.4, "sso", priority="urgent"),
        note(
            PRIYA,
            1,
            """
            Their provider posts the answer instead of redirecting. Our policy forbids form posts from other
            hosts unless listed.
            """,
        ),
        reply(
            PRIYA,
            0.3,
            """
            Hi Ravi, your provider sends its answer as a *form post*, and we only expect redirects. In its
            settings please choose response mode **query**. That is also the safer one. I'm at the phone if
            you like to try it together.
            """,
        ),
        mail(
            "Changed to query, tested with three accounts, works. Rolling out to all tonight.",
            3,
            quoting=True,
        ),
        reply(PRIYA, 19, "How was the night? I see 58 sign-ins without an error.", "waiting"),
        mail("Quiet, as it should be. You can close this.", 1, quoting=True),
        turn(PRIYA, 0.2, "solved"),
        turn(MAAIKE, 120, "closed"),
    ),
    story(
        GIDEON,
        "can two people use it",
        mail("My daughter does the books now. Can she have her own login or does she use mine. Cost?\n\nGideon"),
        take(MAAIKE, 2, "how-to"),
        reply(
            MAAIKE,
            0.4,
            "Her own, please, and it costs nothing for the second person: **Settings → People → Invite**.",
            "solved",
        ),
        mail("Done. She says hello and that your help pages are ok", 26),
        turn(MAAIKE, 1, "solved"),
        days=(5, 18),
    ),
    story(
        MEERA,
        "Month-end: Tally slow between 9 and 10",
        mail(
            """
            Third day in a row that reports take minutes between nine and ten. After ten it's fine. Whole
            finance team affected.

            Meera
            """,
            files=(bars("waiting-times.png", "SECONDS", 12, 140, 180, 150, 20, 9),),
        ),
        take(PRIYA, 0.8, "tally", "performance"),
        note(
            PRIYA,
            2,
            """
            Coincides with the big customers' scheduled reports at 09:00. Moved the schedule pool to node 4.
            """,
        ),
        reply(
            PRIYA,
            0.3,
            """
            Hi Meera, at nine sharp a few hundred scheduled reports start. They have a machine of their own
            from tomorrow. Could you tell me on Thursday if it feels better?
            """,
        ),
    ),
    story(
        SOFIA,
        "Video for the trade fair too large to mail",
        mail("2.3 GB. The agency needs it today, mail says no. What do we use nowadays?\n\nSofia"),
        take(OSKAR, 0.4, "how-to"),
        reply(
            OSKAR,
            0.2,
            """
            Put it in the *Outgoing* folder of the share, right click, *Link for guests*. Works for seven
            days, with a password.
            """,
            "solved",
        ),
    ),
    story(
        ODDVAR,
        "Feature wish: tides",
        mail(
            """
            Hello, is it possible to show high and low water under the daily chart? It explains half of our
            sales.

            Oddvar
            """
        ),
        take(PRIYA, 6, "tally", "wish", priority="low"),
        reply(
            PRIYA,
            2,
            """
            What a lovely wish. Not today, but you can add a *second series* from a CSV under any chart, and
            tide tables come as CSV. I put your wish on the list, with a fish on it.
            """,
            "solved",
        ),
        mail("Did that, works. The fish is appreciated.", 50),
        turn(PRIYA, 2, "solved"),
        turn(MAAIKE, 200, "closed"),
    ),
    story(
        TESSA,
        "Can't sign in: code from the app is always wrong",
        mail(
            """
            My phone's six digits are refused since I came back from New Zealand. I have two recovery codes
            left. Tessa
            """
        ),
        take(JONAS, 0.4, "sign-in"),
        reply(
            JONAS,
            0.2,
            """
            Your phone's clock is probably off by some seconds after the trip. Set date and time
            to *automatic* and try the next code.
            """,
        ),
        mail("It was four minutes off! Works again.", 1, quoting=True),
        turn(JONAS, 0.3, "solved"),
    ),
    story(
        NORA,
        "Two owners on one account?",
        mail(
            """
            Hello, may a council have two owners in Tally (deputy rule)? I only find a button to hand over,
            not to share.

            N. Fitzsimon
            """
        ),
        take(MAAIKE, 3, "how-to"),
        reply(
            MAAIKE,
            1,
            """
            Yes, as many as you like: **People → (person) → Role → Owner**. The other button is for leaving.
            """,
            "solved",
        ),
    ),
    story(
        ALICE,
        "Feature flag for beta reports",
        mail("Could you switch the beta reports on for coastline-ferries? We read the warning.\n\nAlice"),
        take(PRIYA, 1, "tally", "beta", priority="low"),
    ),
    story(
        MEERA,
        "Finn needs change rights on payroll from the 1st",
        mail(
            """
            Hi, Finn takes over payroll from me, please give him change instead of read from the first.
            Approved by me.

            Meera
            """
        ),
    ),
    story(
        YUSUF,
        "Certificate of the test site expires in 6 days",
        mail(
            "Monitor says test.globex.example runs out. Isn't that supposed to renew itself?\n\nyusuf",
            files=(screen("cert.png", "CERTIFICATE", "TEST.GLOBEX.EXAMPLE", "VALID: 6 DAYS"),),
        ),
    ),
    story(
        GIDEON,
        "it says read only",
        mail(
            """
            All of a sudden I cant change anything, red bar on top READ ONLY. I have to send 3 invoices today.
            Did I break it?

            Gideon
            """,
            files=(screen("read-only.png", "TALLY", "READ ONLY", "ASK THE OWNER"),),
        ),
    ),
    story(
        SOFIA,
        "Need 20 loan laptops for the customer day",
        mail(
            """
            Hej IT!

            Customer day is in three weeks and we'd like 20 laptops on the tables with Tally and the demo
            data, no personal accounts. Is that possible and by when do you need the final number?

            /Sofia
            """,
            rich=True,
            inline=(logo("customer-day.png", "DAY", RED),),
        ),
    ),
    story(
        CALLUM,
        "badge doesnt open bike cellar",
        mail("red light. opened yesterday. bike is inside :("),
    ),
)

STRAYS = (
    story(
        Requester("Cloudy Mornings Weekly", "hello@cloudymornings.example"),
        "Issue 212: who restarted the restart service?",
        mail(
            """
            This week: a database that was only sleeping, six shell tricks, and a job for people who like
            queues.

            Read it in the browser: https://cloudymornings.example/212
            Leave the list: https://cloudymornings.example/leave
            """,
            headers={
                "List-Id": "<weekly.cloudymornings.example>",
                "List-Unsubscribe": "<https://cloudymornings.example/leave>",
                "Precedence": "bulk",
            },
        ),
    ),
    story(
        Requester("Henk Mulder", "henk.mulder@staff.globex.example"),
        "Automatic reply: Maintenance window on Saturday",
        mail(
            "I am on parental leave until spring. For facilities: facilities@staff.globex.example.\n\nHenk",
            headers={"Auto-Submitted": "auto-replied"},
        ),
    ),
)
