"""What people wrote to Acme about quotes, contracts and moves, in English."""

from seldesk.demo.acme import (
    ANN,
    ARJUN,
    BO,
    GRETA,
    HAL,
    IRIS,
    LENA,
    NIGEL,
    RUTH,
)
from seldesk.demo.documents import letter, meeting
from seldesk.demo.pictures import GREEN, logo, screen
from seldesk.demo.story import mail, note, reply, story, take, turn

TICKETS = (
    story(
        RUTH,
        "New start of term - 3 machines need moving",
        mail(
            """
            Dear Acme team,

            over the holidays we are moving the staff room to the first floor, which means three of your
            machines (2 x P40, 1 x S12 shredder) have to go up a flight of stairs. The caretaker wanted to do
            it with two strong sixth-formers but I remember someone telling us the lease does not allow that?

            Could you tell me
            a) whether we may do it ourselves
            b) if not, what it costs
            c) whether you could come on one of the last two days of the holidays

            Many thanks
            Ruth Adeyemi
            Bursar, Millbrook School
            """,
        ),
        take(ANN, 2, "move", "lease"),
        note(
            ANN,
            0.2,
            "Lease L-877, clause on moving: only by us, 95 per machine, shredder free because it is owned.",
        ),
        reply(
            ANN,
            0.6,
            """
            Dear Ruth,

            you remember rightly: leased machines may only be moved by us, mostly because the P40 has to be
            locked inside before it is tilted (otherwise the toner goes everywhere, we have seen it).

            - two P40: 95 each, including levelling and a test print
            - the shredder is yours, our people carry it up for nothing if they are there anyway

            I pencilled in the second to last day, 9 o'clock. Shall I confirm it?

            Ann
            """,
        ),
        mail(
            """
            Yes please, do confirm. And thank you for the shredder! The sixth-formers are disappointed.

            Ruth
            """,
            20,
            quoting=True,
        ),
        reply(
            ANN,
            1,
            "Confirmed, with two people and a stair walker. An entry for your calendar is attached.",
            "solved",
            files=(meeting("moving-day.ics", "Acme moves three machines", "Millbrook School", days=9, hour=8),),
        ),
    ),
    story(
        ARJUN,
        "Quote for 4 x P60c incl. secure print",
        mail(
            """
            Dear Sir or Madam

            Northgate Clinic is renewing its print fleet next quarter. Please send us a quotation for

            - 4 x P60c (A3, colour), three wards and administration
            - card readers so that patients' documents come out only when somebody stands there
            - 48 months rental, about 9,000 b/w and 2,500 colour pages a month in total
            - disposal of the four old machines incl. certified erasure of the disks

            We compare three offers and decide by the end of the month.

            Best regards
            Dr Arjun Wadekar
            Northgate Clinic, Administration
            """,
            rich=True,
            inline=(logo("northgate.png", "NGC", GREEN),),
        ),
        take(BO, 1.5, "sales", "quote"),
        reply(
            BO,
            5,
            """
            Dear Dr Wadekar,

            thank you for asking us. Our offer is attached. Two remarks:

            - **Secure print** works with the badges you have if they are 13.56 MHz; send me a photo of one
            and I can tell   you for certain.
            - With your volumes the three wards do better with the P40 (black and white, half the price a
            page) and one P60c in   administration. I put that in as variant B.

            I am glad to come by and measure where they would stand.

            Bo Lind
            """,
            files=(
                letter(
                    "offer-N-1042.pdf",
                    "Offer N-1042",
                    "Variant A: 4 x P60c, 48 months, 412.00 a month",
                    "Variant B: 3 x P40 + 1 x P60c, 48 months, 287.00 a month",
                    "Pages: 0.0062 black and white, 0.048 colour",
                    "Card readers: 4 x 6.90 a month",
                    "Disposal with certificate of erasure: no charge",
                    "Valid for 30 days.",
                ),
            ),
        ),
        mail(
            """
            Dear Mr Lind

            thank you for the quick and honest offer, variant B makes sense. Badge is 13.56, our security
            company says. The committee meets in two weeks, you will hear from me the day after.

            A. Wadekar
            """,
            50,
            quoting=True,
        ),
        note(BO, 2, "Looks good. Waiting for their committee, I call the day after if nothing comes."),
        turn(BO, 0.1, "waiting"),
        days=(9, 14),
    ),
    story(
        LENA,
        "Leeming office closed - what happens to the P40 there?",
        mail(
            """
            Hi Iris or whoever is on today,

            as mentioned with the meters, Leeming is closed for good. The lease of that P40 (P40-11931) runs
            another 14 months. Can we move it to Carrow, give it back early, or swap it for something smaller?
            Please price all three if you can.

            Thanks
            Lena
            """,
        ),
        take(IRIS, 1, "lease"),
        note(
            IRIS,
            0.5,
            """
            Giving back early is 60 % of the rest = 14 x 41 x 0.6. Bo usually waives half when they keep ten
            others.
            """,
        ),
        take(IRIS, 0.1, for_=BO),
        reply(
            BO,
            4,
            """
            Hello Lena,

            three answers:

            | | once | a month |
            |---|---|---|
            | move it to Carrow | 95 | as now |
            | give it back early | 172 | nothing |
            | swap for the small P20 | 60 | 24 instead of 41 |

            With ten other machines in your contract I would take it back for half the usual price, that is
            the 172.

            Bo
            """,
        ),
    ),
    story(
        NIGEL,
        "Complaint",
        mail(
            """
            Dear Sirs

            Your engineer was booked between 9 and 11. He came at 14.40, was here for six minutes, declared
            that a part was needed and left. Nobody has rung since. We pay you four figures a year for a "same
            day" contract.

            I expect (1) an explanation, (2) a date, (3) the month's fee back.

            N. Thackray
            """,
        ),
        take(BO, 0.5, "complaint", priority="high"),
        note(
            BO,
            0.3,
            """
            Tariq: the van was at the clinic with the flooded machine until 2. Part is the transfer belt,
            arrives tomorrow.
            """,
        ),
        reply(
            BO,
            0.5,
            """
            Dear Mr Thackray,

            you are right, and I apologise. The explanation, without making an excuse of it: an emergency in a
            hospital took the whole morning, and we should have rung you at nine, not turned up at twenty to
            three.

            The transfer belt arrives tomorrow at 8; Tariq fits it at 9 and will stay until the machine has
            printed a full job of yours. This month's fee is credited.

            My direct number is below. Use it.

            Bo Lind
            """,
        ),
        mail(
            "Noted. Your man came at 8.55 and did a decent job. Let us leave it at that.\n\nN.T.",
            27,
            quoting=True,
        ),
        turn(BO, 1, "solved"),
    ),
    story(
        LENA,
        "Access to the customer portal for my colleague",
        mail(
            """
            Hello,

            please give Marcus Bellweather (marcus.bellweather@tidewell-insurance.example) access to the
            portal with the same rights as me, he stands in for me while I'm on leave for the next week.

            Lena
            """,
        ),
        take(IRIS, 2, "portal"),
        reply(
            IRIS,
            0.2,
            """
            Hi Lena, done: Marcus has just been sent a link to set his password, good for 48 hours. Enjoy the
            time off!
            """,
            "solved",
        ),
        mail(
            """
            I'm on leave and not reading mail. For machines and supplies please write to Marcus Bellweather.
            For anything else facilities@tidewell-insurance.example.

            Lena
            """,
            0.02,
            headers={"Auto-Submitted": "auto-replied"},
        ),
        days=(24, 33),
    ),
    story(
        HAL,
        "RE: RE: contract",
        mail(
            """
            ok so as i understand it we pay 78 a month, all parts, all visits, no toner. If thats right send
            me the paper and i sign it.

            One more thing: our yard in Dunmere has no reception desk, someone has to ring the bell at gate 2.

            Hal
            """,
        ),
        take(BO, 2, "contract"),
        reply(
            BO,
            1,
            """
            Hello Hal,

            that's right, 78 a month, everything but toner and paper. The contract is attached, one signature
            on page 2, a scan is enough. "Gate 2, ring the bell" stands in the remarks.

            Bo
            """,
            files=(
                letter(
                    "contract-C-3402.pdf",
                    "Service contract C-3402",
                    "Customer: Brannigan Haulage, Dunmere yard, gate 2 (ring the bell)",
                    "Machines: P40-12190, F3-00418",
                    "Fee: 78.00 a month, parts, labour and travel included",
                    "Not included: toner, paper, damage by water or vehicles",
                    "Reaction time: next working day",
                    "Term: 24 months, then monthly",
                    "",
                    "Signature: ______________________",
                ),
            ),
        ),
        mail("signed", 25, files=(letter("scan0001.pdf", "Service contract C-3402", "Signed: H. Brannigan"),)),
        reply(BO, 2, "Got it, thank you. The contract runs from the first of next month.", "solved"),
    ),
    story(
        GRETA,
        "Error message when ordering in the portal",
        mail(
            """
            Hi, when I press "Order" for toner the page says "Something went wrong (502)". Tried twice
            yesterday and again now. I hope I have not ordered three times!

            Greta
            """,
            files=(screen("portal-502.png", "ACME PORTAL", "SOMETHING WENT WRONG", "ERROR 502"),),
        ),
        take(IRIS, 0.5, "portal"),
        note(
            IRIS,
            0.3,
            """
            Three orders, 88301, 88302, 88307. Kept the first, cancelled the others. The shop had an outage
            with the payment page.
            """,
        ),
        reply(
            IRIS,
            0.2,
            """
            Hello Greta, you had ordered three times indeed! I kept one and cancelled two. The page works
            again.
            """,
            "solved",
        ),
    ),
    story(
        ARJUN,
        "Old disks: certificate of erasure",
        mail(
            """
            Dear Mr Lind

            before our committee signs, data protection would like to see a sample of the certificate of
            erasure that you give for the disks of the old machines, and who does the erasing (you or a
            subcontractor).

            A. Wadekar
            """,
        ),
        take(BO, 1, "sales", priority="high"),
        days=(2.5, 4.5),
    ),
)
