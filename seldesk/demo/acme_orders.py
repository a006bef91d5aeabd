"""What people wrote to Acme about orders, invoices and contracts, in English."""

from seldesk.demo.acme import (
    ANN,
    ARJUN,
    BO,
    CLEO,
    DEV,
    GRETA,
    HAL,
    IRIS,
    LENA,
    MABEL,
    NIGEL,
    OWEN,
    RUTH,
    SAM,
    SELLER,
    SINEAD,
    TARIQ,
    TEMP,
)
from seldesk.demo.documents import invoice, letter, meeting, table
from seldesk.demo.pictures import GREEN, RED, display, label, logo, parcel, screen
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

TICKETS = (
    story(
        NIGEL,
        "Invoice 20417 - wrong address",
        mail(
            """
            Good morning

            Please see attached invoice. We moved in spring and our accountant will not accept an invoice with
            the old address on it. Can you reissue to:

            Thackray Surveyors Ltd
            The Old Granary, Mill Lane
            Overcombe

            Regards
            N. Thackray
            """,
            files=(
                invoice(
                    "20417",
                    SELLER,
                    "Thackray Surveyors, 12 High Street",
                    ("Toner P60c cyan", 2, "84.00"),
                    ("Toner P60c black", 1, "61.50"),
                ),
            ),
        ),
        take(IRIS, 1, "billing"),
        reply(
            IRIS,
            0.5,
            """
            Good morning Mr Thackray,

            here is the invoice with the new address; the number and the amounts are the same, so you can
            simply swap them. I have changed the address for future invoices and deliveries as well.

            Kind regards
            Iris Sandvik
            """,
            "solved",
            files=(
                invoice(
                    "20417",
                    SELLER,
                    "Thackray Surveyors Ltd, The Old Granary, Overcombe",
                    ("Toner P60c cyan", 2, "84.00"),
                    ("Toner P60c black", 1, "61.50"),
                    days=10,
                ),
            ),
        ),
        turn(BO, 150, "closed"),
    ),
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
            files=(
                meeting("moving-day.ics", "Acme moves three machines", "Millbrook School", days=9, hour=8),
            ),
        ),
    ),
    story(
        OWEN,
        "toner",
        mail(
            """
            need 2 black toner for the P60c asap, we are printing a 400 page bundle for court on wednesday and
            its at 8%

            O.
            Sent from my phone
            """,
        ),
        take(TARIQ, 0.2, "supplies", priority="high"),
        reply(
            TARIQ,
            0.2,
            """
            Hello Owen,

            two black toners leave today with the evening courier and are with you tomorrow before 12. 8 % is
            still about 900 pages at normal coverage, so the bundle is safe in any case.

            Tariq
            """,
        ),
        mail("legend. came at 10", 23),
        turn(TARIQ, 0.5, "solved"),
    ),
    story(
        SINEAD,
        "Duplicate charge on our last statement??",
        mail(
            """
            Hi there

            I was reconciling and it looks as if you charged us the maintenance contract twice, see the lines
            in yellow (well, they were yellow before I saved as csv)

            Can somebody check please. Not urgent but I'd like it sorted before month end.

            Sinéad

            --
            Kilbride Travel | we know a shortcut
            """,
            files=(
                table(
                    "statement.csv",
                    "date;text;amount",
                    "{day};Maintenance contract C-2281;118.00",
                    "{day};Maintenance contract C-2281;118.00",
                    "{day};Toner P40;61.50",
                ),
            ),
        ),
        take(IRIS, 3, "billing"),
        note(
            IRIS,
            1,
            """
            Booked on both contracts after the machine swap, the old one was never ended. Bo, credit note ok?
            """,
        ),
        note(BO, 2, "Yes. And please look whether the other swaps of that month have the same fault."),
        reply(
            IRIS,
            0.5,
            """
            Hi Sinéad,

            well spotted. When we swapped your machine the old contract was not ended on our side. I've
            written a credit note over 118.00 plus VAT, it will be taken off the next invoice. Sorry about the
            extra work.

            Iris
            """,
            "solved",
            files=(
                invoice(
                    "20655-C", SELLER, "Kilbride Travel", ("Credit: maintenance C-2281", 1, "-118.00"), days=0
                ),
            ),
        ),
        mail("Perfect, thank you Iris. Didn't expect it the same day!", 2, quoting=True),
        turn(IRIS, 0.2, "solved"),
        turn(BO, 200, "closed"),
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
            company says. The committee meets on the 20th, you will hear from me the day after.

            A. Wadekar
            """,
            50,
            quoting=True,
        ),
        note(BO, 2, "Looks good. Waiting for their committee, I call on the 21st if nothing comes."),
        turn(BO, 0.1, "waiting"),
    ),
    story(
        LENA,
        "Meter readings Q3",
        mail(
            """
            Hi all,

            readings as requested, one file for all eleven machines this time. 0 for the one in Leeming means
            it is switched off since the office closed.

            Best
            Lena Whitcombe
            Tidewell Insurance, Facilities
            """,
            files=(
                table(
                    "meters-q3.csv",
                    "serial,place,black,colour",
                    "P60-20011,Head office 1,88120,14502",
                    "P60-20012,Head office 2,91277,20981",
                    "P40-11802,Archive,40211,0",
                    "P40-11931,Leeming,0,0",
                    "P40-11944,Carrow,18822,0",
                ),
            ),
        ),
        take(IRIS, 4, "meters"),
        reply(
            IRIS,
            1,
            """
            Hi Lena,

            thank you, that format is a pleasure. Your file has five of the eleven machines though, was it cut
            off? Missing are the four in Ashby, and Head office 3 and 4.

            Iris
            """,
        ),
        mail(
            """
            Oh dear, filter was on. Complete now.

            L.
            """,
            3,
            quoting=True,
            files=(
                table(
                    "meters-q3-complete.csv",
                    "serial,place,black,colour",
                    "P60-20011,Head office 1,88120,14502",
                    "P60-20012,Head office 2,91277,20981",
                    "P60-20013,Head office 3,70433,11870",
                    "P60-20014,Head office 4,12001,3344",
                    "P40-11802,Archive,40211,0",
                    "P40-11931,Leeming,0,0",
                    "P40-11944,Carrow,18822,0",
                    "P40-12001,Ashby ground floor,22018,0",
                    "P40-12002,Ashby first floor,30877,0",
                    "P40-12003,Ashby post room,51200,0",
                    "P40-12004,Ashby store,902,0",
                ),
            ),
        ),
        reply(IRIS, 0.5, "All eleven are in. The invoice follows at the start of next week.", "solved"),
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
        SAM,
        "Plotter paper delivered to the wrong office",
        mail(
            """
            Hello,

            the courier says our 8 rolls were signed for by "REC" at 14:10 yesterday. We don't have anybody
            with these initials and no rolls. I think they went to number 71 again instead of 17, like in
            June.

            I need at least two rolls by Friday for a planning application.

            Samuel Okonjo
            Okonjo Architects
            """,
        ),
        take(TARIQ, 0.5, "delivery", priority="high"),
        reply(
            TARIQ,
            0.6,
            """
            Hello Samuel,

            I rang number 71 and they have them in the hall. The courier picks them up today and brings them
            to you, 17, before five. I had "17 (seventeen), blue door" put on the label for ever.
            """,
        ),
        mail("Not here at 17:20. Typical.", 7),
        note(
            TARIQ,
            14,
            """
            Courier's van broke down, they say this morning before 10. I take two rolls out of our stock
            otherwise.
            """,
        ),
        reply(
            TARIQ,
            0.2,
            """
            I'm sorry, the van broke down. It is on its way now; if it isn't there by ten I bring two rolls
            myself.
            """,
        ),
        mail("Arrived 9:35, all 8, dry. thanks for sticking with it", 3, quoting=True),
        turn(TARIQ, 1, "solved"),
    ),
    story(
        CLEO,
        "Can we have a spare key for the S12 shredder bin",
        mail(
            """
            We lost the key of the shredder bin and its full. Sorry!! One key would do, happy to pay.

            Cleo
            """
        ),
        take(IRIS, 2, "supplies"),
        reply(
            IRIS,
            0.3,
            """
            Hi Cleo, two keys are in today's post, no charge. Until they arrive: a flat screwdriver opens it,
            a quarter turn left.
            """,
            "solved",
        ),
        mail(
            """
            Thank you for your message. Harbour Dental is closed for staff training and opens again on Monday
            at 7.30. In an emergency please call the number on our door.
            """,
            0.02,
            sender=TEMP,
            headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
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
        GRETA,
        "Donation of old machines to a charity?",
        mail(
            """
            Hello,

            we would like to give our two old P20 to the youth centre next door rather than scrap them. Are
            the disks safe to hand over? They printed payslips for six years.

            Greta Holloway
            Fenwick Trust
            """,
        ),
        take(IRIS, 5, "disposal"),
        reply(
            IRIS,
            1,
            """
            Hello Greta,

            lovely idea. The P20 has a disk, and what was printed stays there until it is overwritten. **Menu
            → Admin → Security → Erase disk, 3 passes** takes about two hours each. It prints a certificate at
            the end, which you should file.

            They have toner for another 4,000 pages or so, the youth centre will be glad.
            """,
        ),
        mail("Erased, certificates filed, machines next door. They have printed 200 posters already.", 120),
        turn(IRIS, 2, "solved"),
        turn(BO, 190, "closed"),
    ),
    story(
        DEV,
        "Where is my order 88120?",
        mail(
            """
            ordered the thermal rolls (10x L8-100x50) last tuesday, website says "packed" since then. did they
            get lost?

            Devon
            """,
        ),
        take(IRIS, 1.2, "delivery"),
        reply(
            IRIS,
            0.5,
            """
            Hi Devon, nothing lost: two of the ten rolls were missing and nobody told you, sorry. Eight leave
            today, two on Monday.
            """,
        ),
        mail("eight arrived, thats plenty for now. cheers", 46),
        turn(IRIS, 1, "solved"),
    ),
    story(
        LENA,
        "Access to the customer portal for my colleague",
        mail(
            """
            Hello,

            please give Marcus Bellweather (marcus.bellweather@tidewell-insurance.example) access to the
            portal with the same rights as me, he stands in for me from next month. I'm away until the new
            year.

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
        mail(
            "signed", 25, files=(letter("scan0001.pdf", "Service contract C-3402", "Signed: H. Brannigan"),)
        ),
        reply(BO, 2, "Got it, thank you. The contract runs from the first of next month.", "solved"),
    ),
    story(
        CLEO,
        "Invoice for the fuser?",
        mail(
            """
            Hi, I thought the new fuser was part of the contract and now there's an invoice for 219.00. Is
            that a mistake?

            Cleo
            """,
            files=(invoice("20702", SELLER, "Harbour Dental", ("Fuser unit P40", 1, "219.00"), days=2),),
        ),
        take(IRIS, 0.8, "billing"),
        note(IRIS, 0.3, "Tariq booked the part without the contract number. Cancelled."),
        reply(
            IRIS,
            0.2,
            """
            Hi Cleo, yes, our mistake. Nothing to pay: the invoice is cancelled, the paper for your files is
            attached.
            """,
            "solved",
            files=(
                invoice(
                    "20702-C",
                    SELLER,
                    "Harbour Dental",
                    ("Cancels 20702: fuser unit P40", 1, "-219.00"),
                    days=0,
                ),
            ),
        ),
    ),
    story(
        OWEN,
        "Confidential waste - certificate for last month",
        mail(
            """
            Hi

            the regulator asks for the certificates of destruction for last month's collections (2 x 240 l).
            We only have one of them on file. Can you send both again as pdf please?

            Owen
            """,
        ),
        take(IRIS, 3, "disposal"),
        reply(
            IRIS,
            0.7,
            "Hello Owen, both are attached, with the weights and the time of shredding.",
            "solved",
            files=(
                letter(
                    "certificate-D-551.pdf",
                    "Certificate of destruction D-551",
                    "Weight: 61 kg",
                    "Security level P-4",
                ),
                letter(
                    "certificate-D-560.pdf",
                    "Certificate of destruction D-560",
                    "Weight: 58 kg",
                    "Security level P-4",
                ),
            ),
        ),
    ),
    story(
        GRETA,
        "Error message when ordering in the portal",
        mail(
            """
            Morning, when I press "Order" for toner the page says "Something went wrong (502)". Tried twice
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
            Good morning Greta, you had ordered three times indeed! I kept one and cancelled two. The page
            works again.
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
    ),
    story(
        MABEL,
        "Price of toner, please",
        mail(
            """
            Dear Acme,

            what does a black toner for our machine cost at present? The treasurer wants to know before
            Sunday. I think it is the P20, it is grey.

            Mabel Ostrander
            """,
        ),
        take(IRIS, 4, "supplies"),
        reply(
            IRIS,
            0.3,
            "Dear Mrs Ostrander, it is the P20 and the toner costs 48.50 with VAT, it lasts 2,600 pages.",
            "solved",
        ),
    ),
    story(
        DEV,
        "Return of cutter blade, order 88340",
        mail(
            """
            Blade is for the 460 not the 360, my mistake. Unopened. Can I send it back and what do I do with
            the label

            Devon
            """,
            files=(label("return-label.png", "ACM-88340", "RETURN TO: ACME", "1 ITEM"),),
        ),
        take(IRIS, 0.8, "return"),
        reply(
            IRIS,
            0.4,
            """
            Hi Devon, of course. Use that label, drop it at any parcel shop; I'll send the blade for the 360
            as soon as it is scanned.
            """,
        ),
    ),
    story(
        HAL,
        "invoices to accounts@ from now on",
        mail(
            """
            pls send invoices to accounts@brannigan-haulage.example not to me, they end up under the seat of
            the truck

            Hal
            """,
        ),
        take(IRIS, 2, "billing"),
        reply(IRIS, 0.2, "Changed. The truck will be tidier.", "solved"),
    ),
    story(
        SINEAD,
        "Moving house! New shop from the 1st",
        mail(
            """
            Hi everyone,

            we're moving Kilbride Travel two doors down (number 9). Could you
            - pick up the P40 on the last day of this month, after 4 pm
            - put it up at number 9 the next morning
            - change the address for invoices

            There is a step of 12 cm at the door and no ramp yet.

            Thanks a million
            Sinéad
            """,
            rich=True,
            inline=(logo("kilbride.png", "KT", RED),),
        ),
    ),
    story(
        OWEN,
        "paper jam tray 3, every single job",
        mail(
            """
            tray 3 jams on every job since lunch. opened everything you can open. nothing in there. J-17 on
            the display

            trial starts monday 9am so pls today

            Owen
            """,
            files=(display("jam.png", "J-17", "TRAY 3"),),
        ),
    ),
    story(
        GRETA,
        "Question about invoice 20741",
        mail(
            """
            Hello,

            could you tell me what "environmental fee 2 x 4.90" is on invoice 20741? We haven't had that
            before and finance wants a reason before they release it.

            Greta
            """,
            files=(
                invoice(
                    "20741",
                    SELLER,
                    "Fenwick Trust, Finance",
                    ("Toner P60c magenta", 2, "84.00"),
                    ("Environmental fee", 2, "4.90"),
                    days=3,
                ),
            ),
        ),
    ),
    story(
        DEV,
        "Broken on arrival",
        mail(
            """
            the new guillotine came today with a cracked base. box looks like someone sat on it. pics. driver
            already gone

            Devon
            """,
            files=(parcel("box.png", 31), parcel("crack.png", 32)),
        ),
        mail("sorry forgot: order 88362", 0.05),
    ),
    story(
        ARJUN,
        "Committee decision",
        mail(
            """
            Dear Mr Lind

            variant B has been approved. Please send the contract and a plan for the change-over; wards 1 and
            2 on one day, ward 3 and administration on another. Not on a Monday.

            Dr A. Wadekar
            """,
        ),
    ),
)

STRAYS = (
    story(
        Requester("Paper & Ink Monthly", "news@paperandink.example"),
        "Ten trends in document management this autumn",
        mail(
            """
            Dear reader,

            from silent shredders to paper made of apple peel: here is what the trade talked about at this
            year's fair.

            Read on at https://paperandink.example/autumn

            You get this because you left a card at our stand. Unsubscribe: https://paperandink.example/bye
            """,
            html="""
            <html><body><h1>Ten trends this autumn</h1>
            <p>From silent shredders to paper made of apple peel: here is what the trade talked about.</p>
            <p><a href="https://paperandink.example/autumn">Read on</a></p>
            <p><small><a href="https://paperandink.example/bye">Unsubscribe</a></small></p></body></html>
            """,
            headers={
                "List-Id": "<monthly.paperandink.example>",
                "List-Unsubscribe": "<https://paperandink.example/bye>",
                "Precedence": "bulk",
            },
        ),
    ),
    story(
        Requester("Mail Delivery System", "mailer-daemon@mx.oldcustomer.example"),
        "Undeliverable: Your service visit",
        mail(
            """
            The address accounts@oldcustomer.example does not exist any more. Your message was not delivered.
            """,
            bounced="accounts@oldcustomer.example",
            headers={"Auto-Submitted": "auto-replied"},
        ),
    ),
)
