"""What people wrote to Initech about the shop and their bills, in English."""

from seldesk.demo.documents import invoice, letter, log, meeting, table
from seldesk.demo.initech import (
    ARCHIE,
    BRAM,
    CONOR,
    DARA,
    GIULIA,
    GUS,
    HASSAN,
    HOPPER,
    ISLA,
    JOEL,
    MAEVE,
    PRUNELLA,
    SHOP,
    SHREYA,
    TILDA,
    TOMEK,
    WANDA,
)
from seldesk.demo.pictures import BLUE, GREEN, MUSTARD, RUST, display, logo, screen, things
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

TICKETS = (
    story(
        HASSAN,
        "Bulk order 150 sketchbooks with logo",
        mail(
            """
            Hello,

            we run a design school and would like 150 A5 sketchbooks with our logo blind embossed. Could you
            quote for 150 and 300, and tell me the latest date for the artwork if we need them in six weeks?

            Logo attached as png, vector follows.

            Hassan El-Amin
            """,
            rich=True,
            inline=(logo("elamin.png", "E-A", GREEN),),
        ),
        take(GIULIA, 3, "business", "quote"),
        reply(
            GIULIA,
            4,
            """
            Hello Hassan, quote attached. Artwork (vector, one colour) by the end of next week and you have
            them in five weeks, one to spare.
            """,
            files=(
                letter(
                    "quote-IQ-88.pdf",
                    "Quote IQ-88",
                    "A5 sketchbook, 120 g, blind embossed",
                    "150 pieces: 7.40 each",
                    "300 pieces: 6.10 each",
                    "Tool for embossing, once: 85.00",
                ),
            ),
        ),
        mail(
            "300 it is. Vector attached. Can the ribbon be dark green?",
            45,
            quoting=True,
            files=(letter("logo-vector.pdf", "E-A", "Outline, one colour"),),
        ),
        reply(GIULIA, 2, "It can. Proof follows on Tuesday.", "waiting"),
    ),
    story(
        BRAM,
        "Invoice needed with school's PO number",
        mail(
            """
            Hello, our finance office can't pay IN-70355 without PO 2219-FH on the invoice. Could you add it?

            Bram Oyelaran
            Fernhill Academy
            """
        ),
        take(GIULIA, 2, "billing"),
        reply(
            GIULIA,
            0.5,
            "Hello Bram, here it is with the PO number on it.",
            "solved",
            files=(
                invoice(
                    "IN-70355",
                    SHOP,
                    "Fernhill Academy, PO 2219-FH",
                    ("Exercise book A5", 240, "0.85"),
                    ("Chalk, box", 10, "3.20"),
                ),
            ),
        ),
    ),
    story(
        WANDA,
        "Discount code OTTER10 doesn't work",
        mail(
            """
            It says "not valid for the items in your basket". I only have one pencil case in there. Is it me?

            Wanda
            """,
            files=(screen("basket.png", "YOUR BASKET", "CODE NOT VALID", "PENCIL CASE 14.00"),),
        ),
        take(DARA, 0.7, "shop"),
        reply(
            DARA,
            0.3,
            """
            Hi Wanda, it's not you: the code starts at 15.00 and we hid that well. Use OTTER-WANDA instead, it
            works from nothing.
            """,
            "solved",
        ),
        mail("Bought two then. You're good at this", 1, quoting=True),
        turn(DARA, 0.3, "solved"),
    ),
    story(
        CONOR,
        "Paper samples for letterpress",
        mail(
            """
            Hi, looking for a soft 600gsm cotton for wedding invites, about 2000 sheets 50x70. Could you post
            samples? Deep bite, so no recycled.

            Conor
            Mulvaney Letterpress
            """
        ),
        take(TOMEK, 3, "business", "samples"),
        reply(
            TOMEK,
            1,
            """
            Hi Conor, three samples leave today: two cottons (550 and 620) and a linen mix that printers here
            swear by.
            """,
        ),
        mail("The 620 is gorgeous. Price for 2000 and how soon?", 90, quoting=True),
        reply(
            TOMEK,
            3,
            "1.94 a sheet, ten working days, cut to size for nothing. Offer attached.",
            files=(
                letter(
                    "offer-IQ-91.pdf",
                    "Offer IQ-91",
                    "Cotton 620 g, 50 x 70, 2000 sheets: 3880.00",
                    "Ten working days",
                ),
            ),
        ),
    ),
    story(
        ISLA,
        "Wholesale account - payment terms",
        mail(
            """
            Hello Giulia, we've been buying for a year now, always paid early. Would 30 days instead of 14 be
            possible?

            Isla Drummond, Highland Pens
            """
        ),
        take(GIULIA, 1, "business", "billing"),
        reply(GIULIA, 2, "Hello Isla, gladly. 30 days from the next invoice, no paperwork.", "solved"),
        turn(GIULIA, 150, "closed"),
    ),
    story(
        ARCHIE,
        "Account statement doesn't match",
        mail(
            """
            Your statement says we owe 212.40, we make it 96.10. Our ledger attached. Which invoice are we
            missing?

            A. Penhaligon
            """,
            files=(table("ledger.csv", "invoice,amount,paid", "IN-70201,116.30,yes", "IN-70299,96.10,no"),),
        ),
        take(GIULIA, 3, "billing"),
        reply(
            GIULIA,
            1,
            """
            None: your 116.30 arrived without a number and sat in a corner. Matched now, 96.10 it is.
            Corrected statement attached.
            """,
            "solved",
            files=(
                letter(
                    "statement.pdf",
                    "Statement of account",
                    "Penhaligon and Son",
                    "IN-70299: 96.10",
                    "Due: 96.10",
                ),
            ),
        ),
        turn(GIULIA, 180, "closed"),
    ),
    story(
        ARCHIE,
        "Telephone order: 20 receipt books",
        mail(
            """
            Mr Penhaligon rang, his internet is down. 20 receipt books, duplicate, usual address, on account.
            Please call back with the price.
            """
        ),
        take(DARA, 0.2, "business"),
        reply(
            DARA,
            0.5,
            "As said on the phone: 20 receipt books at 3.60, 72.00 on account, sent today.",
            "solved",
            files=(invoice("IN-70433", SHOP, "Penhaligon and Son", ("Receipt book, duplicate", 20, "3.60"), days=0),),
        ),
        opened_by=DARA,
    ),
    story(
        MAEVE,
        "Do you restock the rust notebooks?",
        mail("Everyone wants mine now. When will they be back? Three friends asking.\n\nMaeve"),
        take(DARA, 2, "shop"),
        reply(
            DARA,
            0.3,
            "In about two weeks. I put four aside with your name on, just order when the mail comes.",
            "solved",
        ),
        days=(5, 18),
    ),
    story(
        WANDA,
        "Allergic to the glue?",
        mail(
            """
            Odd question: what's in your glue sticks? My daughter's fingers went red. Nothing dramatic. The
            pack says only "non toxic".

            Wanda
            """
        ),
        take(GIULIA, 1, "product-safety", priority="high"),
        note(GIULIA, 1, "Asked the maker for the data sheet."),
        reply(
            GIULIA,
            4,
            """
            Dear Wanda, the full list is in the attached sheet; number 4 (a preservative) can redden skin.
            Please stop using it, show the sheet to your doctor if it doesn't fade, and tell me how she is.
            The money is refunded.
            """,
            files=(
                letter(
                    "glue-data-sheet.pdf",
                    "Data sheet: glue stick 21 g",
                    "1. Water",
                    "2. Polyvinylpyrrolidone",
                    "3. Glycerol",
                    "4. Preservative, below 0.1 %",
                ),
            ),
        ),
        mail("All faded by the evening, thank you for taking it seriously.", 30, quoting=True),
        turn(GIULIA, 1, "solved"),
    ),
    story(
        CONOR,
        "Guillotine appointment",
        mail("Could I come by to see the old guillotine you're selling? Thursday or Friday after 3.\n\nConor"),
        take(TOMEK, 3),
        reply(
            TOMEK,
            0.5,
            "Friday at 3:30, it's in the back. Bring gloves.",
            files=(
                meeting(
                    "guillotine.ics",
                    "Guillotine viewing",
                    "Initech, Unit 4, Quayside",
                    days=2,
                    hour=14,
                    minutes=30,
                    weekdays=(4,),
                ),
            ),
        ),
        mail("Sold! I'll bring a van and two cousins next week.", 90, quoting=True),
        turn(TOMEK, 2, "solved"),
    ),
    story(
        GUS,
        "can i pick up myself",
        mail("live round the corner. can i skip shipping and come by"),
        take(DARA, 1, "how-to"),
        reply(DARA, 0.2, "You can: choose *Pick up* at the end, ring at the green door, 9 to 4.", "solved"),
        days=(12, 30),
    ),
    story(
        GUS,
        "green door closed??",
        mail("standing in front of it. says open till 4?? raining", 0),
        take(TOMEK, 0.05, priority="high"),
        reply(TOMEK, 0.03, "The bell is broken, I'm coming down!", "solved"),
        mail("got it. buy a bell", 0.3),
        turn(TOMEK, 0.3, "solved"),
        days=(1, 11),
    ),
    story(
        SHREYA,
        "Refund not on my card after 8 days",
        mail("Hello, you wrote 3 days, it's been 8. IN-70398, 22.50. Could you check with your bank?\n\nShreya"),
        take(GIULIA, 1, "refund"),
        note(
            GIULIA,
            1,
            "Payment provider returned it: card expired. Needs an account number by phone, not by mail.",
        ),
        reply(
            GIULIA,
            0.3,
            """
            Hello Shreya, the card you paid with has expired in between, so it bounced back to us. Could you
            ring me, so that you needn't send bank details by mail?
            """,
        ),
        mail(
            """
            Thanks for your mail! I'm trekking until the end of next week, without signal and without regret.
            I'll answer when I'm back.

            Shreya
            """,
            0.01,
            headers={"Auto-Submitted": "auto-replied"},
        ),
    ),
    story(
        PRUNELLA,
        "A word of thanks",
        mail(
            """
            Dear Ms Ferrante,

            one writes so often to complain. The blotting paper is perfect. That is all.

            Prunella Whitlock
            """
        ),
        take(GIULIA, 3, "praise"),
        reply(GIULIA, 0.5, "Dear Mrs Whitlock, this is pinned above the packing table now.", "solved"),
        days=(2, 11),
    ),
    story(
        HASSAN,
        "Students can't check out, card page hangs",
        mail(
            """
            About ten of our students tried to order from the school's network today, the card page never
            loads. From a phone it works. HAR/log below.
            """,
            files=(
                log(
                    "checkout.txt",
                    "GET /basket 200",
                    "GET /pay 200",
                    "GET pay-frame blocked by proxy",
                    "timeout after 30 s",
                    minutes=12,
                ),
            ),
        ),
        take(GIULIA, 1, "shop"),
        reply(
            GIULIA,
            1,
            """
            Hello Hassan, your school's proxy blocks the payment frame. Your IT has to allow
            `pay.initech.example`. Shall I write to them?
            """,
        ),
        mail("Please: it@elamin-design.example, Pascal knows.", 2, quoting=True),
        note(GIULIA, 2, "Wrote to Pascal with the two host names."),
    ),
    story(
        JOEL,
        "price match?",
        mail("saw the same mech pencil for 3 less elsewhere. do you match? link: https://cheappencils.example/mp-05"),
        take(DARA, 2, "shop", priority="low"),
        reply(
            DARA,
            0.5,
            "We don't, but theirs comes without the tin and the leads. Free shipping if you order today?",
        ),
    ),
    story(
        ARCHIE,
        "VAT number on invoices",
        mail(
            """
            Please put our VAT number XX 000 0019 on all invoices from now on, and on the last three if
            possible.

            A. Penhaligon
            """
        ),
        take(GIULIA, 2, "billing"),
    ),
    story(
        BRAM,
        "Re: Re: Fwd: exercise books for autumn term",
        mail(
            """
            Hi Giulia,

            see below from our head. Could you do squared ones at the same price?

            > From: Head's office
            > 300 squared instead of 240 lined this time, and 30 with big squares for the little ones. Ask if
            the price holds.

            Bram
            """,
        ),
        take(GIULIA, 1, "business"),
        note(DARA, 2, "Squared: yes, same price. Big squares: 0.95, only in packs of 25."),
    ),
    story(
        ISLA,
        "Display stand for the counter",
        mail(
            """
            Hi, do you lend those oak display stands to shops? I saw one in Quayside and I'm jealous.

            Isla
            """,
            html="""
            <html><body>
            <p>Hi, do you lend those <b>oak display stands</b> to shops?
            I saw one in Quayside and I'm jealous.</p>
            <p>Isla</p>
            <p><img src="cid:hp.png" alt="Highland Pens"></p>
            </body></html>
            """,
            inline=(logo("hp.png", "HP", BLUE),),
        ),
    ),
    story(
        MAEVE,
        "Wrong colour again, sorry to be a pain",
        mail(
            """
            Hi Dara, ordered rust x4 for the friends, got 3 rust + 1 mustard. Mustard is nice too but Aoife
            wants rust.

            Maeve
            """,
            files=(things("three-and-one.png", RUST, RUST, RUST, MUSTARD),),
        ),
    ),
    story(
        TILDA,
        "paid twice???",
        mail(
            "card shows 2x 18.90 for IN-70481, the page froze and i pressed again. one of them back pls",
            files=(screen("bank.png", "MY ACCOUNT", "INITECH -18.90", "INITECH -18.90"),),
        ),
    ),
    story(
        HOPPER,
        "HX-4472310 undeliverable - instruction required",
        mail(
            """
            Recipient unknown at address. Instruction within 5 days: return / new address / dispose.

            Automated text, a person reads your answer.
            """,
            files=(display("scanner.png", "HX-4472310", "UNKNOWN AT ADDRESS"),),
        ),
    ),
)

STRAYS = (
    story(
        Requester("The Packaging Post", "post@packagingpost.example"),
        "Straw, seaweed, sawdust: what fills your boxes?",
        mail(
            """
            Hello box people,

            our readers tried eleven fillings and dropped each from a ladder. The winner will surprise your
            vacuum cleaner.

            https://packagingpost.example/ladder
            No more post: https://packagingpost.example/stop
            """,
            headers={
                "List-Id": "<post.packagingpost.example>",
                "List-Unsubscribe": "<https://packagingpost.example/stop>",
                "Precedence": "list",
            },
        ),
    ),
    story(
        Requester("Mail Delivery Subsystem", "mailer-daemon@quickmail.example"),
        "Delivery failure: Your parcel is on its way",
        mail(
            "The mailbox jo.abernethy@quickmail.example does not exist. The message was returned.",
            bounced="jo.abernethy@quickmail.example",
            headers={"Auto-Submitted": "auto-replied"},
        ),
    ),
)
