"""What people wrote to Initech about parcels and what was in them, in English."""

from seldesk.demo.documents import invoice, table
from seldesk.demo.initech import (
    BRAM,
    DARA,
    GIULIA,
    GUS,
    HOPPER,
    ISLA,
    JOEL,
    LYDIA,
    MAEVE,
    PRUNELLA,
    SHOP,
    SHREYA,
    TILDA,
    TOMEK,
    WANDA,
)
from seldesk.demo.pictures import (
    BLUE,
    CLOTH,
    GREEN,
    MUSTARD,
    PALE,
    PURPLE,
    RED,
    WHITE,
    closeup,
    label,
    parcel,
    screen,
    things,
)
from seldesk.demo.story import mail, note, reply, story, take, turn

TICKETS = (
    story(
        MAEVE,
        "Order IN-70412: one notebook missing",
        mail(
            """
            Hi there,

            my parcel came today, thank you, lovely wrapping. But I ordered three dotted notebooks (2 green, 1
            rust) and there are only the two green ones. The rust one is a birthday present for Saturday so
            I'm a bit nervous :)

            Order number is IN-70412.

            Maeve x
            """,
            files=(things("what-came.png", GREEN, GREEN),),
        ),
        take(DARA, 0.5, "missing-item"),
        note(DARA, 0.2, "Weight on the label says two books. Packed wrong, rust one is still in the tray."),
        reply(
            DARA,
            0.1,
            """
            Hi Maeve, the rust one was left on our packing table, so sorry! It leaves today by express and
            should be with you on Thursday. I'm slipping in a sheet of stickers for the birthday.
            """,
            files=(label("express.png", "IN-70412-B", "EXPRESS", "1 NOTEBOOK RUST"),),
        ),
        mail(
            "It's here!! Two days early. And the stickers have otters on, so I'm keeping those.",
            26,
            quoting=True,
        ),
        turn(DARA, 1, "solved"),
        days=(24, 33),
    ),
    story(
        JOEL,
        "WHERE IS MY ORDER",
        mail(
            """
            ordered 9 days ago. tracking says 'label created' since then. is this a real shop?? IN-70377

            Joel
            """
        ),
        mail("hello???", 5),
        take(DARA, 1, "delivery", priority="high"),
        reply(
            DARA,
            0.3,
            """
            Hi Joel, a real shop with real people, and a real mess-up: your parcel fell off the courier's
            list. A new one left ten minutes ago with the new number HX-4471902. If it isn't there the day
            after tomorrow you get your money back without asking.
            """,
        ),
        mail("ok fair. came today. pens are nice. sorry for shouting", 50),
        reply(DARA, 0.5, "No harm done, nine days would make me shout too.", "solved"),
    ),
    story(
        PRUNELLA,
        "Ink that is not blue",
        mail(
            """
            Dear Madam or Sir,

            I ordered your "Quayside Blue" ink on the strength of the picture in your catalogue. What arrived
            is, by any fair description, green. I enclose a sample of my handwriting. My correspondents have
            begun to comment.

            I should like the blue one, please, and am content to return the other.

            Yours faithfully
            Prunella Whitlock (Mrs)
            The Old Rectory
            """,
            files=(label("sample.png", "QUAYSIDE BLUE", "THIS IS NOT BLUE"),),
        ),
        take(GIULIA, 2, "quality", "return"),
        note(
            GIULIA,
            2,
            """
            Batch 0917, second complaint. Compared with 0912: clearly teal. Stop selling the batch, tell the
            maker.
            """,
        ),
        reply(
            GIULIA,
            0.5,
            """
            Dear Mrs Whitlock,

            you are quite right: I held a bottle of your batch against an older one, and it is green. A bottle
            that I tested myself is on its way. Please keep the other, perhaps for letters to people who
            deserve green.

            Kind regards
            Giulia Ferrante
            """,
        ),
        mail(
            """
            Dear Ms Ferrante, the blue is blue. I have already thought of two recipients for the green. P.W.
            """,
            96,
            quoting=True,
        ),
        turn(GIULIA, 2, "solved"),
        turn(GIULIA, 160, "closed"),
    ),
    story(
        TILDA,
        "return pls",
        mail("hi want to return the desk lamp its bigger than my desk lol. order IN-70390"),
        take(DARA, 1, "return"),
        reply(
            DARA,
            0.2,
            """
            Hi Tilda, no problem. Label attached, any Hopper Express point takes it. Money back within three
            days of arrival.
            """,
            files=(label("return.png", "R-IN-70390", "TO: INITECH", "QUAYSIDE"),),
        ),
        mail("dropped off today, thx", 48),
        note(TOMEK, 50, "Lamp is back, box opened, lamp fine. Refund 39.00 made."),
        reply(DARA, 0.5, "It's back and 39.00 are on their way to your card.", "solved"),
    ),
    story(
        GUS,
        "pen leaks",
        mail(
            """
            bought the brass fountian pen, it leaks in my shirt pocket. shirt is dead. pen is pretty tho. what
            now
            """,
            files=(closeup("shirt.png", 52, CLOTH),),
        ),
        take(DARA, 1, "quality"),
        reply(
            DARA,
            0.3,
            """
            Oh no. Two questions: does it leak at the nib or at the ring in the middle? And did you fly with
            it?
            """,
        ),
        mail("ring. and no, bus", 3),
        reply(
            DARA,
            0.4,
            """
            Then it's the seal, and that's on us: new pen goes out today, and send me the price of the shirt.
            """,
        ),
        mail("shirt was 15 in a sale, dont bother. new pen is dry so far 👍", 70),
        turn(DARA, 1, "solved"),
    ),
    story(
        HOPPER,
        "Depot 12: collection cancelled today (strike)",
        mail(
            """
            Dear partner,

            please note that due to industrial action there will be NO collection from your site today. Next
            collection tomorrow, double vehicle. Parcels handed in at the depot until 19:00 are sent tonight.

            Hopper Express, Depot 12
            """,
        ),
        take(TOMEK, 0.2, "courier", priority="high"),
        note(
            TOMEK,
            0.2,
            "61 parcels, 9 of them express. I drive the express ones to the depot at 5, the rest tomorrow.",
        ),
        note(GIULIA, 0.5, "Thanks Tomek. Banner in the shop is up: one day later."),
        reply(TOMEK, 7, "All nine express parcels handed in at 17:40. Good luck with your talks.", "solved"),
    ),
    story(
        LYDIA,
        "Claim HX-4470118: photos of damage needed",
        mail(
            """
            Hello, to settle the claim we need photos of the outer box on all six sides, and the value. You
            have seven days.

            Lydia Frome
            Claims, Hopper Express
            """
        ),
        take(TOMEK, 2, "courier", "claim"),
        reply(
            TOMEK,
            1,
            """
            Hello Lydia, photos and the invoice attached. The buyer could only take two sides before the box
            went to the bin.
            """,
            files=(
                parcel("side-1.png", 61),
                parcel("side-2.png", 62),
                invoice("IN-70340", SHOP, "M. Okafor-Lind", ("Glass desk tray", 1, "46.00")),
            ),
        ),
        mail("Two sides will do this once. 46.00 will be credited with the next statement.", 60, quoting=True),
        turn(TOMEK, 2, "solved"),
    ),
    story(
        LYDIA,
        "New cut-off times from the 1st",
        mail(
            """
            Dear all, from the first of next month the pick-up is 30 minutes earlier (16:15). Table attached.

            Lydia Frome
            """,
            files=(table("cut-off.csv", "depot,today,new", "11,17:00,16:30", "12,16:45,16:15", "14,18:00,18:00"),),
        ),
        take(TOMEK, 3, "courier"),
        note(TOMEK, 1, "Order deadline in the shop has to go from 15:00 to 14:30. @Giulia ok?"),
        note(GIULIA, 3, "OK, and please change the sentence in the confirmation mail as well."),
        reply(TOMEK, 1, "Thank you Lydia, noted, our deadline is changed.", "solved"),
    ),
    story(
        SHREYA,
        "Gift wrapped to the wrong person??",
        mail(
            """
            Hi,

            I think two parcels were swapped. I got a children's paint set with a card "To Oscar, love Granny"
            and Oscar probably has my rather serious leather diary. IN-70421.

            Poor Oscar!

            Shreya
            """,
            files=(things("paint-set.png", RED, MUSTARD, GREEN, BLUE, PURPLE, WHITE),),
        ),
        take(DARA, 0.4, "wrong-item", priority="high"),
        note(
            DARA,
            0.4,
            """
            Other half is IN-70422 (Granny = Mrs Tolliver). Rang her, Oscar's birthday is on Sunday. New set
            by express to Oscar.
            """,
        ),
        reply(
            DARA,
            0.2,
            """
            Hi Shreya, you solved it for us, thank you! A new diary leaves today, wrapped. Please give the
            paints to somebody small near you.
            """,
        ),
        mail("Diary arrived, my niece has purple hands, everyone is happy", 70, quoting=True),
        turn(DARA, 1, "solved"),
    ),
    story(
        JOEL,
        "tracking link broken",
        mail(
            "link in the mail goes to a 404. not urgent just fyi. order IN-70440",
            files=(screen("404.png", "HOPPER EXPRESS", "PAGE NOT FOUND", "404"),),
        ),
        take(TOMEK, 1, "shop", "courier"),
        note(
            TOMEK,
            1,
            """
            Courier changed their address from /track to /t. Template changed, 212 mails since Monday had the
            old one.
            """,
        ),
        reply(
            TOMEK,
            0.2,
            """
            Thanks for the FYI, Joel, you're the first of 212 people to tell us. Fixed, and yours arrives
            tomorrow.
            """,
            "solved",
        ),
    ),
    story(
        TILDA,
        "changed my mind about the address!!",
        mail(
            """
            can you send IN-70451 to my work instead pls? 3 Foundry Row, ask for tilda at the bar. sorry sorry
            """
        ),
        take(TOMEK, 0.3, "address"),
        reply(
            TOMEK,
            0.1,
            "Caught it on the belt. New label is on, Foundry Row tomorrow.",
            "solved",
        ),
        mail("ur the best", 0.3),
        turn(TOMEK, 0.2, "solved"),
    ),
    story(
        BRAM,
        "Exhibition boards - bent corners",
        mail(
            """
            Hello, 6 of the 20 boards have bent corners, see photos. The exhibition opens in two weeks, we'd
            need replacements before.

            Bram
            """,
            files=(closeup("corner-1.png", 54, PALE), closeup("corner-2.png", 55, PALE)),
        ),
        take(TOMEK, 1, "damage"),
        note(TOMEK, 0.5, "Claim with courier opened, HX-4471877. Corner protectors from now on."),
        reply(
            TOMEK,
            0.2,
            """
            Hello Bram, six new ones leave tomorrow with wooden corners. Please keep the bent ones until the
            courier has looked at them.
            """,
        ),
    ),
    story(
        ISLA,
        "Barcode on refill packs doesn't scan",
        mail(
            """
            None of our tills reads the code on the blue refills, the black ones are fine. Photo attached.

            Isla
            """,
            files=(label("refill.png", "5 901234 1", "REFILL BLUE 5X"),),
        ),
        take(TOMEK, 1, "quality", "business"),
        note(
            TOMEK,
            2,
            """
            One digit is missing in print. Supplier prints stickers, here on Monday. About 40 shops affected,
            list for Giulia.
            """,
        ),
        reply(
            TOMEK,
            0.3,
            """
            You're right, a digit is missing. Stickers with the right code go to every shop on Monday; until
            then please key in 5901234100017.
            """,
        ),
    ),
    story(
        WANDA,
        "Broken on arrival: ceramic pen pot",
        mail("In about seven pieces. Beautiful pieces. IN-70466", files=(closeup("pieces.png", 56, BLUE),)),
        take(DARA, 0.7, "damage"),
        reply(DARA, 0.2, "Oh dear. New one tomorrow, with twice the straw. Would you like the same blue?"),
        mail("Same blue please, ideally in one piece :)", 1, quoting=True),
    ),
)
