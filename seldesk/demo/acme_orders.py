"""What people wrote to Acme about orders, invoices and contracts, in English."""

from seldesk.demo.acme import (
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
    SAM,
    SELLER,
    SINEAD,
    TARIQ,
    TEMP,
)
from seldesk.demo.documents import invoice, letter, table
from seldesk.demo.pictures import GREY, RED, closeup, display, label, logo, parcel
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

TICKETS = (
    story(
        NIGEL,
        "Invoice 20417 - wrong address",
        mail(
            """
            Hello

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
            Dear Mr Thackray,

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
                invoice("20655-C", SELLER, "Kilbride Travel", ("Credit: maintenance C-2281", 1, "-118.00"), days=0),
            ),
        ),
        mail("Perfect, thank you Iris. Didn't expect it the same day!", 2, quoting=True),
        turn(IRIS, 0.2, "solved"),
        turn(BO, 200, "closed"),
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
        days=(8, 20),
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
        mail("Not here at closing time. Typical.", 7),
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
        days=(8, 18),
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
        days=(10, 20),
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
            files=(parcel("box.png", 31), closeup("crack.png", 32, GREY)),
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
