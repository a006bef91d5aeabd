"""What people wrote to Acme about their machines, in English."""

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
    POSTMASTER,
    RUTH,
    SAM,
    SINEAD,
    TARIQ,
    TEMP,
)
from seldesk.demo.documents import letter, log, meeting
from seldesk.demo.pictures import PURPLE, RED, RUST, display, label, screen, walls
from seldesk.demo.story import mail, note, reply, story, take, turn

TICKETS = (
    story(
        CLEO,
        "P40 in reception says E-0521 again",
        mail(
            """
            Hi,

            the P40 at reception is showing E-0521 since this morning. Your technician was here for the same
            thing about three weeks ago and said it should be fine now. It isn't :(  We can copy maybe ten
            pages, then it stops and wants to be switched off and on.

            Picture of the display attached.

            Cleo Marchmont
            Practice manager, Harbour Dental
            """,
            files=(display("display.png", "E-0521", "CALL SERVICE"),),
        ),
        take(ANN, 0.4, "p40", "repair", priority="high"),
        reply(
            ANN,
            0.3,
            """
            Hi Cleo,

            I'm sorry it came back so soon. E-0521 is the fuser getting too hot, and twice in three weeks is
            not normal. Could you do two things for me?

            1. Print the service page: **Menu → Reports → Service page**
            2. Tell me roughly what you print most, plain paper or labels

            Then I can send the technician with the right part instead of a guess.

            Ann
            """,
        ),
        mail(
            """
            here you go, its the page that came out. Mostly plain paper but appointment cards since january
            (the thick ones)

            Cleo
            """,
            1.5,
            quoting=True,
            files=(
                letter(
                    "service-page.pdf",
                    "Service page P40",
                    "Serial: P40-118273",
                    "Total pages: 214 880",
                    "Fuser: 203 112 pages, last replaced: never",
                    "Firmware: 4.18",
                    "Last errors: E-0521, E-0521, J-04, E-0521",
                ),
            ),
        ),
        note(
            ANN,
            0.5,
            """
            Fuser has over 200k pages and was never replaced, although the visit report says "cleaned and
            tested". Card stock makes it worse. @Tariq can you take a fuser unit along on Thursday? No charge,
            it's under contract C-3310.
            """,
        ),
        take(ANN, 0.2, for_=TARIQ),
        reply(
            TARIQ,
            1,
            """
            Hello Cleo,

            thanks, that page says it all: the fuser is worn out. I come by Thursday between 8 and 10 with a
            new one, it takes half an hour. Nothing to pay, it is part of your contract.

            Until then: cards through the bypass tray, and let it cool five minutes when it complains.

            Tariq
            """,
        ),
        mail("Thursday is good, we open at 7.30. Thank you both!", 2, quoting=True),
        reply(
            TARIQ,
            44,
            """
            New fuser is in, 300 test pages without a complaint. I also set tray 2 to "thick" for your cards,
            that was the real reason it ran hot.
            """,
            "solved",
        ),
        days=(25, 33),
    ),
    story(
        GRETA,
        "Fwd: Scan to email stopped working",
        mail(
            """
            Hello support, forwarding from our finance team, can you have a look? G.

            ---------- Forwarded message ----------
            From: Piers Lambton
            Subject: Scan to email stopped working

            Greta,
            since IT changed all the passwords on Monday the scanner upstairs says "Authentication failed"
            whenever I send something to myself. Scanning to the stick still works. Is it us or is it
            Acme?
            Piers
            """,
            files=(screen("scanner.png", "SCAN TO MAIL", "AUTHENTICATION FAILED", "SERVER REFUSED THE LOGIN"),),
        ),
        take(ANN, 0.7, "scan"),
        reply(
            ANN,
            0.3,
            """
            Hello Greta,

            it's the password: the machine still sends mail with the old one. Somebody with the admin PIN can
            change it at
            **Settings → Network → Outgoing mail → Password**, on the panel or in the machine's web page. If
            nobody has the PIN I can reset it from here, just tell me the serial number (label inside the
            front door).
            """,
        ),
        mail(
            """
            Your message to piers.lambton@fenwick-trust.example could not be delivered. The recipient's
            address was not found.

            This is a message from the mail system at mail.fenwick-trust.example. There is no need to answer
            it.
            """,
            0.01,
            sender=POSTMASTER,
            bounced="piers.lambton@fenwick-trust.example",
            headers={"Auto-Submitted": "auto-replied"},
        ),
        note(ANN, 1, "The bounce is only their copy rule to Piers, his mailbox was renamed. Greta got it."),
        mail("Done, IT put the new password in and it works. Turns out it was us!", 26, quoting=True),
        turn(ANN, 1, "solved"),
    ),
    story(
        MABEL,
        "The folding machine folds crooked",
        mail(
            """
            Dear Acme,

            our V2 folding machine has begun to fold the parish letter crooked, about half a centimetre on one
            side. I have cleaned the rollers with the cloth as in the booklet. It is 600 letters every second
            Friday and the ladies who put them in the envelopes are cross with me.

            With kind wishes
            Mabel Ostrander
            Parish office St Bridget
            """,
        ),
        take(TARIQ, 2, "v2"),
        reply(
            TARIQ,
            0.5,
            """
            Dear Mrs Ostrander,

            half a centimetre is almost always the paper guide on the left. There is a small grey lever under
            the feed table:

            1. loosen it a quarter turn
            2. put in ten sheets and push the guide until it just touches them
            3. tighten and fold **one** sheet

            If one sheet is straight, all 600 will be. If not, write to me and I drop in on my way on
            Wednesday.

            Tariq Haddad
            """,
        ),
        mail(
            """
            Dear Mr Haddad, I found the lever, nobody ever told me of it! Straight as a ruler. The ladies send
            their regards and there is cake if you come past on a Friday.
            """,
            46,
        ),
        turn(TARIQ, 1, "solved"),
    ),
    story(
        DEV,
        "Label printer prints blank labels only",
        mail(
            """
            L8 feeds labels, nothing on them. New roll, the cheap ones from the internet if that matters.
            Tried driver reinstall, different cable, different PC. Test page from the button = blank as well.

            Devon / Clarke Frames
            """,
            files=(label("old-label.png", "CF-00821", "OAK 40X60", "THIS IS HOW IT SHOULD LOOK"),),
        ),
        take(ANN, 1, "l8"),
        reply(
            ANN,
            0.4,
            """
            Hi Devon,

            it does matter I'm afraid. The L8 prints by heat, so the labels have to be *thermal* paper.
            Scratch one with a fingernail: if no dark line appears it is ordinary paper and stays blank for
            ever.

            Can you try with a label from the old roll?
            """,
        ),
        mail("scratched. no line. 2000 labels for the bin then, ah well. thanks", 1, quoting=True),
        reply(
            ANN,
            0.5,
            """
            A pity! They still do as stickers for a ball pen. If you want to order thermal ones:
            item **L8-100x50**, ten rolls.
            """,
            "solved",
        ),
        days=(22, 30),
    ),
    story(
        HAL,
        "franking machine locked",
        mail(
            """
            F3 says LOCKED - CONNECT TO POST. We cant send anything. It has been connected the whole time??

            Hal Brannigan
            Brannigan Haulage
            """,
            files=(display("f3.png", "LOCKED", "CONNECT TO POST"),),
        ),
        take(ANN, 0.3, "f3", priority="urgent"),
        reply(
            ANN,
            0.2,
            """
            Hello Hal,

            the F3 locks when it could not report its counter for 72 hours. Did your network change lately
            (new router, new firewall)? It needs to reach port 443. Quickest way to get mail out today: a
            phone hotspot, name `F3`, password on the label below the scale. It unlocks about a minute later.
            """,
        ),
        mail("new router last week yes. hotspot did it. will tell the router guy. ta", 1, quoting=True),
        reply(ANN, 0.4, "Good. Tell him: outgoing port 443 for the machine, and it stays happy.", "solved"),
    ),
    story(
        TEMP,
        "how do i copy both sides",
        mail(
            """
            hi sorry stupid question, im the temp at harbour dental, how do i make the copier do both sides
            onto both sides, it keeps giving me single pages and there are 40 forms

            jess
            """,
        ),
        take(ANN, 0.2, "how-to"),
        reply(
            ANN,
            0.2,
            """
            Hi Jess, not stupid at all, the button is well hidden: **Copy → the icon with two arrows → "2 →
            2"**. Put the forms in the top feeder face up. To keep it for the next 39, press *Hold settings*.
            """,
            "solved",
        ),
        mail("omg thank you", 0.2),
        turn(ANN, 0.5, "solved"),
    ),
    story(
        RUTH,
        "Pupils printing 300 pages of memes",
        mail(
            """
            Hello again,

            is there a way to limit how much a pupil can print? Somebody sent 300 pages of frogs to the
            library printer. We laughed, then we saw what colour costs.

            Ruth
            """,
        ),
        take(ANN, 3, "how-to", "quota"),
        reply(
            ANN,
            1,
            """
            Hello Ruth,

            frogs are a classic. Yes: on the P60c's web page under **Accounts** you can give each card a
            monthly budget, and there is a switch "colour only for staff". I attached a short guide; it takes
            ten minutes for the whole school if you have the card numbers in a list.
            """,
            files=(
                letter(
                    "quota-guide.pdf",
                    "Budgets on the P60c",
                    "1. Open the machine's address in a browser and sign in as administrator.",
                    "2. Accounts > Import > choose the CSV file (card;name;group).",
                    "3. Groups > Pupils > Black and white 50 a month, colour 0.",
                    "4. Groups > Staff > no limit.",
                    "5. Save. The limits hold from the next job on.",
                ),
            ),
        ),
        mail("Done with 412 cards. I kept one frog for the staff room. Thank you!", 70, quoting=True),
        turn(ANN, 2, "solved"),
    ),
    story(
        OWEN,
        "staples in the wrong corner",
        mail(
            """
            quick one. booklet printing staples top right, court wants top left. where do i change that

            Owen Prosser
            Prosser & Vale Solicitors
            """,
        ),
        take(TARIQ, 1, "how-to"),
        reply(
            TARIQ,
            0.2,
            """
            Print dialogue → *Finishing* → *Staple position* → top left. If it is grey: paper turned by 90° in
            tray 1, then it wakes up.
            """,
            "solved",
        ),
    ),
    story(
        ARJUN,
        "Flooded machine, ward 3",
        mail(
            """
            URGENT - a sprinkler went off on ward 3, the P40 stood in it for perhaps five minutes. It is
            unplugged. The ward cannot print wristbands and drug charts. Please advise / send someone / send a
            machine.

            Dr A. Wadekar
            """,
            headers={"Importance": "high"},
        ),
        take(TARIQ, 0.1, "repair", "p40", priority="urgent"),
        reply(
            TARIQ,
            0.1,
            """
            Leave it unplugged and the doors open, do not try it. I load a replacement machine now and am with
            you in 50 minutes.
            """,
            "open",
        ),
        note(
            TARIQ,
            4,
            """
            Replacement P40-12230 stands on ward 3, configured from the backup. Wet one is in the workshop,
            power board gone.
            """,
        ),
        reply(
            TARIQ,
            0.3,
            """
            For the record: the replacement has the same address and queue, so nothing needs changing on your
            side. Keep it until yours is repaired or written off by the insurance; I attached the report they
            will ask for.
            """,
            files=(
                letter(
                    "damage-report.pdf",
                    "Damage report",
                    "Machine: P40, serial P40-11650, ward 3",
                    "Cause: water from the ceiling, about five minutes",
                    "Damaged: power board, paper sensors, tray 2",
                    "Repair: 640.00 without VAT, four working days",
                    "Replacement on site: P40-12230, no charge during the repair",
                ),
            ),
        ),
        mail(
            """
            Insurance pays the repair. The ward sister asks me to tell you that you were faster than the
            plumber.
            """,
            90,
            quoting=True,
        ),
        turn(TARIQ, 2, "solved"),
    ),
    story(
        MABEL,
        "Telephone: paper catches in the copier",
        mail(
            """
            Mrs Ostrander rang. The copier catches the paper on the right side, she hears a click and then it
            stops. She has no lift and would rather not carry paper up twice. Call back after ten.
            """,
        ),
        take(IRIS, 0.1, "repair", for_=TARIQ),
        note(
            TARIQ,
            3,
            "Called. A paper clip in the feeder, she found it herself while we spoke. Nothing to do.",
        ),
        turn(TARIQ, 0.1, "solved"),
        opened_by=IRIS,
    ),
    story(
        SAM,
        "Colour is off: bricks come out purple",
        mail(
            """
            Hi Tariq,

            since the firmware update the P60c prints our brick renderings purple-ish. Screen and the old
            print are fine. See the comparison, left is March, right is today. Clients notice.

            Sam
            """,
            files=(walls("bricks-comparison.png", RUST, PURPLE),),
        ),
        take(TARIQ, 1, "p60c", "colour"),
        reply(
            TARIQ,
            0.6,
            """
            Hi Sam,

            the update resets the calibration. Please run **Menu → Quality → Calibrate, full** with plain
            white A3 and lay the printed chart on the glass when it asks. Twelve minutes. Then print the same
            brick again.
            """,
        ),
        mail(
            "Better but still not right, red is now too red. Chart and print attached.",
            22,
            quoting=True,
            files=(walls("after-calibration.png", RUST, RED),),
        ),
        note(
            TARIQ,
            2,
            """
            Magenta drum at 96 % of its life, calibration cannot save that. Drum is in the van, ask for
            Thursday.
            """,
        ),
        reply(
            TARIQ,
            0.1,
            """
            Then it's the magenta drum, which is nearly at its end. I could change it on Thursday afternoon,
            would 14:00 suit?
            """,
        ),
    ),
    story(
        NIGEL,
        "Large format scans come out with a line down the middle",
        mail(
            """
            Every A1 survey scanned since Tuesday has a thin grey vertical line at about 412 mm from the left.
            Glass cleaned twice. Sample attached at reduced size. We have a deadline at the end of next week,
            so I should be grateful for a swift answer.

            N. Thackray
            """,
            files=(screen("a1-sample.png", "SCAN 0412", "A1 400 DPI", "LINE AT 412 MM"),),
        ),
        take(TARIQ, 1.5, "scan", priority="high"),
        reply(
            TARIQ,
            0.3,
            """
            Dear Mr Thackray,

            a line that stays in one place is a speck on the white roller *behind* the glass, not on the
            glass. Open the upper cover, turn the knob on the right until you see it, and wipe with a little
            alcohol. If it is a scratch I bring a new roller.
            """,
        ),
        mail("It is a scratch.", 20, quoting=True),
    ),
    story(
        SINEAD,
        "P20 wifi keeps dropping",
        mail(
            """
            Hello! The little P20 in the shop drops off the wifi two or three times a day. It says "connected"
            on its display but none of us can print until we turn it off. The other shop has the same model
            and no trouble.

            I've attached the log our broadband man asked for, maybe you can read it.

            Sinéad
            """,
            files=(
                log(
                    "p20-wifi.txt",
                    "wlan0: associated channel 36",
                    "wlan0: lease renewed 192.0.2.41",
                    "wlan0: radar detected, leaving channel 36",
                    "wlan0: associated channel 100",
                    "wlan0: no beacon for 6 s",
                    "wlan0: associated channel 36",
                    minutes=190,
                ),
            ),
        ),
        take(ANN, 1, "network"),
        reply(
            ANN,
            0.8,
            """
            Hello Sinéad,

            your broadband man asked for the right thing. "Radar detected" means the router hops away from
            channel 36 because it hears a weather or airport radar, and the printer does not follow. Please
            have him set a fixed channel between 1 and 11 for the printer's network. Your other shop is
            probably further from the airport.
            """,
        ),
        mail(
            """
            He set it to channel 6 yesterday, so far so good. Can we leave this open until Friday to be sure?
            """,
            26,
            quoting=True,
        ),
        reply(ANN, 0.5, "Of course. I put it on hold, just write on Friday either way."),
    ),
    story(
        HAL,
        "Shredder eats ties",
        mail(
            """
            One of the lads got his tie in the S12 (he is fine, the tie is not). It stopped at once like it
            should but now the red light stays on and it wont go back or forward. What do we do. No jokes
            please he's had enough of them
            """,
            files=(display("s12.png", "STOP", "CALL SERVICE"),),
        ),
        take(TARIQ, 0.4, "s12", "repair"),
        reply(
            TARIQ,
            0.3,
            """
            No jokes, glad he is well. Unplug it, take off the head (two screws behind), and pull the tie
            out *backwards* with pliers. Plug in, hold **R** for ten seconds: the light goes green when the
            safety switch is happy.

            If it stays red the switch did its job for the last time and I bring a new one.
            """,
        ),
    ),
    story(
        SAM,
        "Training for two new colleagues",
        mail(
            """
            Hi,

            two people start with us on the first and I'd rather they learn the plotter from you than from me.
            Do you still do the one hour thing on site? Mornings are best.

            Samuel
            """,
        ),
        take(TARIQ, 5, "training"),
        reply(
            TARIQ,
            1,
            """
            Gladly. I could do a morning in their first week, 9 to 10, invitation attached. Please have a roll
            of cheap paper ready.
            """,
            files=(meeting("plotter-training.ics", "Plotter training", "Okonjo Architects, 17", days=12, hour=8),),
        ),
        mail(
            "Accepted, they are looking forward to it. Could you show them the cutter too?",
            4,
            quoting=True,
        ),
        reply(TARIQ, 0.5, "The cutter too, with all ten fingers. See you then.", "solved"),
    ),
    story(
        RUTH,
        "Machine in the library smells of burning",
        mail(
            """
            The P60c in the library smells burnt since about 11 o'clock. No smoke. The librarian switched it
            off and opened the windows. Is it safe to leave plugged in??

            Ruth
            """,
            headers={"Importance": "high"},
        ),
        take(TARIQ, 0.15, "repair", "p60c", priority="urgent"),
        reply(TARIQ, 0.05, "Please pull the plug and leave it. I'm on my way, about 40 minutes.", "open"),
        note(
            TARIQ,
            3,
            """
            A plastic folder on the vent melted. Cleaned, filter changed, insulation test fine. Nothing wrong
            with the machine.
            """,
        ),
        reply(
            TARIQ,
            0.2,
            """
            As shown on site: a plastic folder lay on the air outlet and melted. The machine is fine, tested
            and in use again. The smell goes in a day.
            """,
            "solved",
        ),
        mail("Thank you for coming so fast. The owner of the folder has confessed.", 2, quoting=True),
        turn(TARIQ, 0.3, "solved"),
    ),
    story(
        LENA,
        "Printing payslips - is the queue encrypted?",
        mail(
            """
            Hello,

            our auditor asks whether print jobs travel encrypted between our server and your P60c, and whether
            they stay on the disk afterwards. I need two sentences that I can paste into a form.

            Lena
            """,
        ),
        take(ANN, 6, "security"),
        reply(
            ANN,
            2,
            """
            Hello Lena, two sentences:

            > Print jobs are sent over IPP with TLS 1.2 or newer; unencrypted ports are switched off on all
            eleven machines. Jobs are
            > stored on an encrypted disk and are overwritten as soon as they have been printed or after 24
            hours.

            I checked the settings of all eleven before writing this.
            """,
            "solved",
        ),
        turn(BO, 170, "closed"),
    ),
    story(
        CLEO,
        "Two pages at a time",
        mail(
            """
            Hi Ann, the P40 now pulls two sheets at once from tray 1, maybe one time in twenty. New paper
            since last week (it was on offer...). Is it the paper?

            Cleo
            """,
        ),
        take(ANN, 0.6, "p40"),
        reply(
            ANN,
            0.2,
            """
            Hi Cleo, quite likely: fan the stack before loading and turn it over. Tell me tomorrow if it still
            does it.
            """,
        ),
        mail("Still does. Less, but still.", 25, quoting=True),
    ),
)
