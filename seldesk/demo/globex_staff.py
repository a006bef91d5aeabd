"""What the staff of Globex wrote to their helpdesk, in English."""

from seldesk.demo.documents import letter, log, plain, table
from seldesk.demo.globex import (
    BETH,
    CALLUM,
    DAAN,
    JONAS,
    KWAME,
    MAAIKE,
    MEERA,
    OSKAR,
    PRIYA,
    RENATA,
    SOFIA,
    YUSUF,
)
from seldesk.demo.pictures import screen
from seldesk.demo.story import mail, note, reply, story, take, turn

TICKETS = (
    story(
        DAAN,
        "VPN drops every 20 minutes from home",
        mail(
            """
            Hey team,

            since the client update last week my VPN disconnects every 20 min, pretty much to the second.
            Reconnects fine, but every call I'm in freezes and people now say "see you in 20". Log attached.
            Home fibre, cable, no wifi.

            Daan
            """,
            files=(
                log(
                    "vpn.log",
                    "tunnel up, rekey in 1200 s",
                    "keepalive ok",
                    "keepalive ok",
                    "rekey failed: proposal mismatch",
                    "tunnel down",
                    "tunnel up, rekey in 1200 s",
                    minutes=22,
                ),
            ),
        ),
        take(JONAS, 0.4, "vpn"),
        note(
            JONAS,
            0.5,
            """
            Rekey fails on the new client, old cipher list on gateway 2. Three more people on gateway 2 with
            the same log.
            """,
        ),
        reply(
            JONAS,
            0.3,
            """
            Hi Daan,

            thanks for the log, it shows the fault at once: your client and one of our gateways disagree when
            they renew the key. As a workaround pick **Profile → Amsterdam 1**. I change the gateway in
            tonight's window and tell you when.
            """,
        ),
        mail("Amsterdam 1 holds, 2h without a drop. Chapeau", 3, quoting=True),
        reply(JONAS, 20, "Gateway 2 is fixed as well, you can go back to *Automatic*.", "solved"),
    ),
    story(
        MEERA,
        "New starter Monday: laptop + accounts for Finn Aldous",
        mail(
            """
            Hi,

            Finn Aldous starts on Monday in Finance (my team). He needs:
            - laptop, the light one, UK keyboard
            - mail, calendar, Tally (role: controller), the payroll share READ ONLY
            - badge for floor 2 and 3
            - a headset that does not squeak

            Form attached. I know it's short notice, the form sat in my drafts. Sorry!

            Meera
            """,
            files=(
                letter(
                    "starter-form.pdf",
                    "New starter",
                    "Name: Finn Aldous",
                    "Team: Finance",
                    "Manager: Meera Pillai",
                    "Equipment: laptop 13 inch UK, headset",
                    "Access: mail, Tally (controller), payroll share (read)",
                ),
            ),
        ),
        take(OSKAR, 0.5, "starter"),
        note(
            OSKAR,
            1,
            """
            Laptop GX-2291 imaged. Badge ordered at reception. Payroll share needs a second approval, asked
            Maaike.
            """,
        ),
        note(MAAIKE, 2, "Approved, read only."),
        reply(
            OSKAR,
            0.5,
            """
            Hi Meera, all done except the badge, which reception prints on Monday at 9. Laptop and a
            non-squeaking headset are in locker 14, the code goes to you by text message.
            """,
        ),
        mail("You're a star. He's in and working, first question was where the coffee is", 66, quoting=True),
        turn(OSKAR, 0.5, "solved"),
        days=(15, 30),
    ),
    story(
        CALLUM,
        "locked out",
        mail(
            """
            typed my password wrong 5 times after holiday, locked out, writing from my phone. callum 3rd floor
            """,
            headers={"Importance": "high"},
        ),
        take(JONAS, 0.1, "password"),
        note(JONAS, 0.1, "Called him back on the number in the directory, confirmed."),
        reply(
            JONAS,
            0.05,
            "Unlocked, and as agreed on the phone you choose a new one at the next sign-in. Welcome back!",
            "solved",
        ),
    ),
    story(
        SOFIA,
        'Meeting room Vermeer: screen shows "no signal"',
        mail(
            """
            Again... client here in half an hour. We tried both cables. The room next door is booked.

            Sofia
            """,
            files=(screen("vermeer.png", "VERMEER", "NO SIGNAL", "HDMI 2"),),
        ),
        take(OSKAR, 0.1, "meeting-room", priority="high"),
        reply(OSKAR, 0.2, "I'm upstairs in two minutes with a spare adapter.", "open"),
        note(
            OSKAR,
            1,
            "Adapter on the table dead (third one this year). Replaced, chained to the table. Buy five.",
        ),
        turn(OSKAR, 0.1, "solved"),
        mail("Worked with ten minutes to spare, tack!!", 2),
        turn(OSKAR, 0.5, "solved"),
    ),
    story(
        YUSUF,
        'Phishing? "Your mailbox is full"',
        mail(
            """
            Got this one minute ago, looks fishy. Didn't click.

            ---- forwarded ----
            From: "Globex Mail Team" <security@mail-globex-verify.example>
            Subject: Your mailbox is full

            Dear user, you mailbox has exceed 98%. Verify within 24 hour or you account is delete:
            https://verify.mail-globex.example
            """,
        ),
        take(JONAS, 0.1, "security", "phishing", priority="high"),
        note(
            JONAS,
            0.3,
            "41 people got it, 2 opened the page, both passwords changed and sessions ended. Domain blocked.",
        ),
        reply(
            JONAS,
            0.1,
            """
            Well done Yusuf, that's phishing and you were the first to tell us. The sender is blocked for
            everybody.
            """,
            "solved",
        ),
    ),
    story(
        BETH,
        "Clicked a link I should not have clicked, sorry",
        mail(
            """
            Hi. A mail "from the travel desk" wanted me to confirm a booking. I clicked and typed my password
            before I noticed the spelling. I feel very silly. What do I do now?

            Beth, 2nd floor
            """
        ),
        take(JONAS, 0.1, "security", "phishing", priority="urgent"),
        reply(
            JONAS,
            0.05,
            """
            Not silly, and thank you for saying so at once, that is what helps most. I ended all your
            sessions; please choose a new password here at my desk (2.14) now. If you use the old one anywhere
            else, change it there too.
            """,
        ),
        mail("Done, thanks for being kind about it.", 0.7),
        note(
            JONAS,
            1,
            "No sign-in from outside between the click and the reset. Checked mail rules, nothing added.",
        ),
        turn(JONAS, 0.1, "solved"),
    ),
    story(
        KWAME,
        "Second monitor flickers",
        mail(
            """
            only when the microwave in the kitchen runs. i am not joking. desk 3.07, right behind the wall.
            kwame
            """
        ),
        take(OSKAR, 2, "hardware"),
        reply(OSKAR, 1, "I believe you, and I want to see it. Coming by at 12:30 with popcorn.", "open"),
        note(
            OSKAR,
            20,
            "True! Cheap display cable, no shielding. Replaced it, no flicker with 3 bags of popcorn.",
        ),
        turn(OSKAR, 0.1, "solved"),
    ),
    story(
        RENATA,
        "License for the drawing program expired",
        mail(
            """
            It says 'trial ended' since today, I have to deliver icons tomorrow morning. Seat is on the design
            list I think.

            Renata
            """,
            files=(screen("expired.png", "LICENCE", "YOUR TRIAL HAS ENDED", "CODE 30-11"),),
        ),
        take(OSKAR, 0.5, "licence"),
        reply(
            OSKAR,
            0.4,
            """
            Your seat was given to someone who left in spring, funny enough. It's yours now: sign out and in
            once.
            """,
            "solved",
        ),
    ),
    story(
        DAAN,
        "Request: admin rights on my laptop",
        mail("To install the container tool I need admin rights. Permanently would be easiest ;-)\n\nDaan"),
        take(JONAS, 3, "access"),
        note(
            JONAS,
            0.3,
            """
            Policy: no permanent rights. Timed elevation possible with reason, needs Maaike for developers
            outside product.
            """,
        ),
        reply(
            JONAS,
            0.2,
            """
            Permanently would be easiest for everybody, including burglars ;-) I can give you *timed* rights:
            two hours, as often as you ask, with a line on why. Fine?
            """,
        ),
        mail("Fair. Two hours now please, why: container tool v5.", 0.8, quoting=True),
        reply(JONAS, 0.2, "Granted, for the next two hours.", "solved"),
    ),
    story(
        MEERA,
        "Payroll share: who can read it?",
        mail(
            """
            Before the audit next week I need a list of everybody who can open the payroll share, and since
            when.

            Meera
            """
        ),
        take(JONAS, 1, "access", "audit"),
        reply(
            JONAS,
            4,
            """
            Hi Meera, list attached. Two look wrong to me (rows 4 and 5, both changed teams). Shall I take
            them out?
            """,
            files=(
                table(
                    "payroll-share-readers.csv",
                    "name;right;team",
                    "Meera Pillai;change;Finance",
                    "Noor Jansma;read;Finance",
                    "Odile Brandt;read;Sales (was Finance)",
                    "Henk Mulder;read;Facilities (was Finance)",
                    "backup service;read;IT",
                ),
            ),
        ),
        mail("Yes, both out please!! Good catch.", 1, quoting=True),
        reply(JONAS, 0.3, "Out, and I put the review in my calendar for every quarter.", "solved"),
        turn(MAAIKE, 150, "closed"),
    ),
    story(
        CALLUM,
        "headset",
        mail("headset died, dog. need new one. sorry"),
        take(OSKAR, 1, "hardware"),
        reply(OSKAR, 0.2, "Locker 14, code by text message. Give the dog our regards.", "solved"),
    ),
    story(
        SOFIA,
        'Shared calendar "Events" is gone',
        mail(
            """
            Hej, the calendar Events disappeared for all of marketing this morning, 40 entries until spring.
            Did someone delete it?

            /Sofia
            """
        ),
        take(PRIYA, 0.3, "calendar", priority="high"),
        note(
            PRIYA,
            0.4,
            """
            Owner was the account of a leaver, deleted last night by the 30 day rule. Restored from yesterday,
            owner = marketing group.
            """,
        ),
        reply(
            PRIYA,
            0.2,
            """
            It's back with all 40 entries. It belonged to a colleague who left; now it belongs to your group,
            so it can't happen again.
            """,
            "solved",
        ),
        mail("Puh! Thank you. Really.", 0.6, quoting=True),
        turn(PRIYA, 0.2, "solved"),
    ),
    story(
        BETH,
        "Printer on 2nd floor prints everyone's stuff twice",
        mail(
            """
            Everything comes out twice since yesterday, whoever prints. We are drowning in paper up here.

            Beth
            """
        ),
        take(OSKAR, 0.5, "printer"),
        reply(
            OSKAR,
            0.3,
            'Someone set "copies: 2" in the queue\'s defaults. Set it back, you can come out of the water.',
            "solved",
        ),
    ),
    story(
        KWAME,
        "Old phone - how do I wipe it before handing it in?",
        mail("i get the new one on friday. old one has the company mail and my photos"),
        take(OSKAR, 3, "mobile", "how-to"),
        reply(
            OSKAR,
            0.4,
            """
            1. Copy your photos
            2. *Settings → Accounts → Company → Remove*
            3. *Settings → Reset → Erase all*
            4. Put it into locker 14

            Do 2 before 3, otherwise it stays locked to us.
            """,
            "solved",
        ),
    ),
    story(
        RENATA,
        'Cannot open file on the share: "in use by R. Vlk"',
        mail(
            "I AM R. Vlk. It is a bit insulting.",
            files=(screen("in-use.png", "FILE IN USE", "LOCKED BY R. VLK", "OPEN READ ONLY?"),),
        ),
        take(JONAS, 0.6, "share"),
        reply(
            JONAS,
            0.2,
            """
            Your other self is the laptop you left on the train table mode last night: it is still connected
            by VPN. I ended that session, the file is yours again.
            """,
            "solved",
        ),
    ),
    story(
        YUSUF,
        "Build server out of disk",
        mail(
            """
            df says 100% on build-2, all builds fail. The usual suspects in /var/cache I guess?

            yusuf
            """,
            files=(plain("df.txt", "Filesystem  Size  Used Avail Use%", "/dev/vda1   200G  200G     0 100% /"),),
        ),
        take(JONAS, 0.1, "server", priority="urgent"),
        reply(
            JONAS,
            0.3,
            """
            Freed 70 GB of old images, builds run again. A rule that clears them every night is in place now.
            """,
            "solved",
        ),
        mail("🙏", 0.1),
        turn(JONAS, 0.3, "solved"),
    ),
    story(
        DAAN,
        "wifi password for guests this week?",
        mail("the board in the lobby still shows last week's"),
        take(OSKAR, 0.3, "wifi"),
        reply(
            OSKAR,
            0.1,
            "Board was frozen, restarted. It changes every Monday at 7 and shows the right one now.",
            "solved",
        ),
    ),
    story(
        CALLUM,
        "Phone call: laptop fell into the canal",
        mail(
            """
            Callum called from a boat. Laptop GX-2207 is in the Prinsengracht. Nobody hurt. Disk is encrypted.
            Needs a replacement by tomorrow.
            """
        ),
        take(OSKAR, 0.1, "hardware", priority="high"),
        note(JONAS, 0.3, "Certificate and sessions of GX-2207 revoked."),
        reply(
            OSKAR,
            2,
            """
            Hi Callum, a replacement waits at reception from 8. Your files are as of 11:20 this morning.
            Please write three lines for the insurance, the form is attached.
            """,
            files=(letter("loss-form.pdf", "Loss of equipment", "Asset:", "Where and when:", "What happened:"),),
        ),
        mail("got it. what happened: a swan", 20, quoting=True),
        turn(OSKAR, 1, "solved"),
        opened_by=OSKAR,
    ),
    story(
        BETH,
        "Desk phone rings at the wrong desk",
        mail(
            """
            Since we swapped seats my calls ring at Arno's and his at mine. We wave at each other. Funny but
            not for customers.

            Beth
            """
        ),
        take(OSKAR, 1, "phone"),
        reply(OSKAR, 0.4, "Swapped the numbers, not the people. Please call each other once.", "solved"),
        mail("Works! Arno says hi, over the phone.", 0.4),
        turn(OSKAR, 0.2, "solved"),
    ),
    story(
        KWAME,
        "cant print from the test machine",
        mail("linux box under my desk, queue says 'held, authentication required'"),
        take(JONAS, 2, "printer"),
        reply(
            JONAS,
            0.5,
            """
            It wants your staff name, not the local one: `lp -U kwame.boadi file.pdf`. I can set it as the
            default if you bring the box.
            """,
        ),
    ),
    story(
        RENATA,
        "Fonts missing after update",
        mail(
            """
            After last night's update all house fonts are gone from my machine and the brochure looks like a
            ransom note.

            Renata
            """,
            files=(screen("missing.png", "MISSING FONTS", "GLOBEX SANS", "GLOBEX SANS BOLD", "REPLACED BY: COURIER"),),
        ),
        take(OSKAR, 0.6, "software"),
        note(
            OSKAR,
            1,
            """
            Update clears the user's font folder. Package now installs them for all users. Affects 6 design
            machines.
            """,
        ),
        reply(
            OSKAR,
            0.2,
            """
            The fonts come back by themselves within the hour; restart the layout program after that. Does the
            brochure look civilised again?
            """,
        ),
    ),
)
