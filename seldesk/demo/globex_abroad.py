"""What people wrote to Globex in other languages."""

from seldesk.demo.documents import letter, log, plain, table
from seldesk.demo.globex import JONAS, MAAIKE, OSKAR, PRIYA
from seldesk.demo.pictures import bars, screen
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

WIEBKE = Requester("Wiebke Harmsen", "w.harmsen@harmsen-gartenbau.example", "de")
FLORIAN = Requester("Florian Obermoser", "florian.obermoser@obermoser-seilbahnen.example", "de")
MARIJKE = Requester("Marijke de Ruyver", "marijke.deruyver@staff.globex.example", "nl")
SANDER = Requester("Sander Kuipers", "sander@kuipers-fietsen.example", "nl")
ANNELIES = Requester("Annelies Bogaert", "annelies.bogaert@bogaert-tuinen.example", "nl")
THEO = Requester("Théo Vasselin", "theo.vasselin@vasselin-transports.example", "fr")
MAGALI = Requester("Magali Estève", "magali.esteve@staff.globex.example", "fr")
PILAR = Requester("Pilar Otxoa", "pilar.otxoa@bodegas-otxoa.example", "es")
CHIARA = Requester("Chiara Bellucco", "chiara.bellucco@studio-bellucco.example", "it")
ZOFIA = Requester("Zofia Wrzos", "zofia.wrzos@wrzos-ogrody.example", "pl")
DUARTE = Requester("Duarte Fontainhas", "duarte@fontainhas-vinhos.example", "pt")
KENJI = Requester("森田 健司", "kenji.morita@morita-seiki.example", "ja")
DENIZ = Requester("Deniz Aksoylu", "deniz.aksoylu@aksoylu-tekstil.example", "tr")

TICKETS = (
    story(
        WIEBKE,
        "Tally: Jahresabschluss lässt sich nicht sperren",
        mail(
            """
            Moin,

            ich möchte das letzte Jahr sperren, aber der Knopf ist grau. Alle Monate sind abgeschlossen, unser
            Steuerberater hat es abgenickt. Was fehlt denn noch?

            Viele Grüße aus dem Norden
            Wiebke Harmsen
            """,
            files=(screen("jahr.png", "JAHR SPERREN", "NICHT MOEGLICH", "1 OFFENE BUCHUNG"),),
        ),
        take(PRIYA, 1, "tally"),
        reply(
            PRIYA,
            0.6,
            """
            Moin Frau Harmsen, auf Ihrem Bild steht es klein: eine offene Buchung. Unter **Buchungen → Filter
            → offen** finden Sie sie; bei Ihnen ist es eine Gutschrift über 0,00 im März.
            """,
        ),
        mail("Eine Gutschrift über NULL Euro. Herrlich. Gelöscht, gesperrt, Feierabend!", 2, quoting=True),
        turn(PRIYA, 14, "solved"),
    ),
    story(
        WIEBKE,
        "Mitarbeiterin versehentlich gelöscht",
        mail(
            """
            Hallo, ich habe gerade statt Frau Petersen (ausgeschieden) Frau Peters gelöscht. Kriegen wir die
            wieder?? Sie guckt mich schon so an.
            """
        ),
        take(JONAS, 0.2, "access", priority="high"),
        reply(
            JONAS,
            0.1,
            "Ja: **Personen → Gelöschte → Wiederherstellen**, 30 Tage lang, mit allem was ihr gehörte.",
            "solved",
        ),
        mail("Puh. Sie lacht wieder. Danke!", 0.3),
        turn(JONAS, 0.2, "solved"),
    ),
    story(
        FLORIAN,
        "Schnittstelle Kassensystem: doppelte Buchungen",
        mail(
            """
            Grüß Gott,

            seit dem Wochenende bucht die Schnittstelle jede Tageskarte zweimal. Betrifft nur die Talstation
            Ost. Protokoll von gestern hängt an. Bei 2.400 Karten am Tag wird das schnell unübersichtlich,
            bitte dringend ansehen.

            Florian Obermoser
            Obermoser Seilbahnen
            """,
            files=(
                log(
                    "talstation-ost.log",
                    "POST /bookings 201 karte=88121",
                    "timeout after 5 s, retry",
                    "POST /bookings 201 karte=88121",
                    "POST /bookings 201 karte=88122",
                    "timeout after 5 s, retry",
                    "POST /bookings 201 karte=88122",
                    minutes=900,
                ),
            ),
        ),
        take(PRIYA, 0.4, "api", priority="high"),
        note(
            PRIYA,
            1,
            """
            Kasse wiederholt nach 5 s ohne Idempotency-Key. Leitung zur Talstation ist langsam. Doppelte
            lassen sich maschinell finden.
            """,
        ),
        reply(
            PRIYA,
            0.4,
            """
            Grüß Gott Herr Obermoser,

            die Kasse wartet nur fünf Sekunden und schickt dann dieselbe Karte noch einmal. Abhilfe: in der
            Kasse **Kartennummer als Idempotency-Key** mitsenden, dann zählt die zweite nicht. Die 1.180
            doppelten vom Wochenende kann ich für Sie entfernen, wenn Sie mir das kurz bestätigen.
            """,
        ),
        mail("Bestätigt, bitte entfernen. Der Kassenhersteller stellt es heute Abend um.", 3, quoting=True),
        reply(
            PRIYA,
            1,
            "Entfernt, Liste anbei. Ich schaue morgen früh noch einmal nach.",
            "open",
            files=(table("entfernt.csv", "karte;betrag", "88121;49,00", "88122;49,00", "88130;24,50"),),
        ),
    ),
    story(
        FLORIAN,
        "Zugang für Wirtschaftsprüfer, nur lesen",
        mail(
            """
            Unser Prüfer braucht zwei Wochen lang Lesezugriff auf alles, aber ohne Lohn. Geht das?

            F. Obermoser
            """
        ),
        take(MAAIKE, 3, "access", "how-to"),
        reply(
            MAAIKE,
            1,
            """
            Ja, Rolle *Prüfer* mit Enddatum; Lohn ist dort von Haus aus ausgenommen. Einladen unter Personen.
            """,
            "solved",
        ),
        turn(MAAIKE, 170, "closed"),
    ),
    story(
        MARIJKE,
        "Stoel 2.31 maakt geluid in alle calls",
        mail(
            """
            Hoi, is dit IT of facilitair? Mijn stoel kraakt zo dat de headset het oppikt. Collega's denken dat
            ik in een schip zit.

            Marijke
            """
        ),
        take(OSKAR, 2, "hardware"),
        reply(
            OSKAR,
            0.3,
            """
            Half IT: ik zet de ruisonderdrukking van je headset op hoog, en facilitair smeert morgen de stoel.
            Ahoy!
            """,
            "solved",
        ),
    ),
    story(
        MARIJKE,
        "Terugkeer van verlof: account weer aan?",
        mail(
            """
            Hallo, maandag ben ik terug van zwangerschapsverlof. Staat alles weer aan, en werkt mijn oude
            telefoon nog?

            Marijke
            """
        ),
        take(OSKAR, 3, "starter"),
        note(
            OSKAR,
            1,
            "Account gedeactiveerd volgens afspraak. Telefoon te oud voor updates, nieuwe klaargelegd.",
        ),
        reply(
            OSKAR,
            0.4,
            """
            Welkom terug! Alles staat maandag om 7 uur aan. Je telefoon kreeg geen updates meer, er ligt een
            nieuwe in kluisje 14.
            """,
        ),
        mail("Top, ik ben binnen! Alleen 1.900 mails, maar daar heb je geen knop voor zeker?", 70, quoting=True),
        reply(OSKAR, 0.6, "Jawel: *Alles selecteren → Archiveren*. Ik heb niets gezegd.", "solved"),
    ),
    story(
        SANDER,
        "Kassabonnen fotograferen lukt niet",
        mail(
            """
            Als ik een bon fotografeer draait het wieltje eindeloos. Gister ging het nog. Telefoon is nieuw,
            Tally-app net bijgwerkt.

            Sander
            """
        ),
        take(PRIYA, 1, "app"),
        reply(
            PRIYA,
            0.5,
            """
            Hoi Sander, in de nieuwe versie zit een fout bij foto's boven 12 MB. Zet de camera zolang op
            "normaal"; de oplossing staat klaar in de winkel, morgen.
            """,
        ),
        mail("Nieuwe versie werkt weer, 41 bonnetjes ingehaald.", 30, quoting=True),
        turn(PRIYA, 1, "solved"),
    ),
    story(
        SANDER,
        "Offerte voor 3 filialen",
        mail(
            """
            We openen twee filialen. Wat kost Tally voor drie winkels met elk 2 mensen, en kan ik ze apart én
            samen zien?

            Sander Kuipers
            """
        ),
        take(MAAIKE, 3, "sales"),
        reply(
            MAAIKE,
            1,
            """
            Hoi Sander, 54 per maand voor alle drie samen, en ja: apart, samen en naast elkaar. Offerte zit
            erbij.
            """,
            files=(
                letter(
                    "offerte-T-311.pdf",
                    "Offerte T-311",
                    "Tally Team, 6 personen, 3 filialen",
                    "54,00 per maand, maandelijks opzegbaar",
                ),
            ),
        ),
    ),
    story(
        ANNELIES,
        "Dubbele mail ontvangen van Tally?",
        mail(
            """
            Dag, ik krijg elke weekrapportage twee keer, op zondag en nog eens op maandag. Eén keer is genoeg
            ;)

            Annelies
            """
        ),
        mail(
            """
            Dag, ik krijg elke weekrapportage twee keer, op zondag en nog eens op maandag. Eén keer is genoeg
            ;)

            Annelies
            """,
            0.03,
        ),
        take(PRIYA, 2, "tally", "how-to"),
        reply(
            PRIYA,
            0.3,
            """
            Dag Annelies, en uw mail kwam ook dubbel, dus nu staan we gelijk ;) U had twee abonnementen, ik
            heb die van zondag uitgezet.
            """,
            "solved",
        ),
    ),
    story(
        THEO,
        "Rapport mensuel vide",
        mail(
            """
            Bonjour,

            le rapport mensuel reçu ce matin par mail est vide (0 ligne), alors que le tableau de bord est
            rempli. Rien n'a changé de notre côté, à ma connaissance.

            Cordialement
            Théo Vasselin
            """,
            files=(letter("rapport-mensuel.pdf", "Rapport mensuel", "0 ligne"),),
        ),
        take(PRIYA, 0.8, "tally", "export"),
        note(PRIYA, 0.5, "Filtre enregistré sur un dépôt renommé. Le filtre n'a pas suivi."),
        reply(
            PRIYA,
            0.2,
            """
            Bonjour Théo, le rapport filtre encore sur « Dépôt Sud », renommé « Dépôt Mistral » vendredi. J'ai
            corrigé le filtre et renvoyé le rapport : 1 204 lignes.
            """,
            "solved",
        ),
        mail("Bien reçu, c'est mon collègue qui l'a renommé pour faire joli. Merci.", 2, quoting=True),
        turn(PRIYA, 0.5, "solved"),
    ),
    story(
        MAGALI,
        "Accès au partage « Presse » refusé",
        mail(
            """
            Coucou, depuis mon changement d'équipe je n'ai plus accès à Presse, or j'en ai besoin pour demain
            matin. Magali
            """
        ),
        take(JONAS, 0.7, "access"),
        reply(
            JONAS,
            0.3,
            """
            Salut Magali, c'est rétabli pour ton nouveau groupe. Déconnecte-toi une fois et ça doit s'ouvrir.
            """,
            "solved",
        ),
    ),
    story(
        MAGALI,
        "Visio avec un client : pas de son",
        mail(
            """
            Urgent, visio dans 20 minutes et personne ne m'entend. Le micro marche dans le dictaphone
            pourtant. Bureau 1.08.
            """,
            headers={"Importance": "high"},
        ),
        take(OSKAR, 0.1, "meeting-room", priority="high"),
        reply(
            OSKAR,
            0.05,
            "J'arrive. En attendant : cadenas à gauche de l'adresse → Microphone → Autoriser.",
            "open",
        ),
        mail("c'était le cadenas !! merci", 0.1),
        turn(OSKAR, 0.2, "solved"),
    ),
    story(
        PILAR,
        "Gráfico con las barras al revés",
        mail(
            """
            Hola: en el gráfico de vendimias los años salen de derecha a izquierda. Bonito, pero confuso. ¿Se
            puede girar?

            Pilar Otxoa
            """,
            files=(bars("vendimias.png", "KG", 90, 70, 82, 40, 66),),
        ),
        take(PRIYA, 2, "tally", "how-to"),
        reply(
            PRIYA,
            0.4,
            """
            Hola Pilar: pulsa en el título del eje y elige *Orden → Ascendente*. Se queda guardado para todo
            el equipo.
            """,
            "solved",
        ),
    ),
    story(
        PILAR,
        "Añadir bodega nueva al plan",
        mail(
            """
            Buenas, compramos la bodega de al lado :) ¿Tenemos que cambiar de plan o basta con añadirla?
            Serían 3 usuarios más.
            """
        ),
        take(MAAIKE, 2, "billing"),
        reply(
            MAAIKE,
            1,
            """
            ¡Enhorabuena! Basta con añadirla: **Ajustes → Empresas → Nueva**. Tres personas más son 27 al mes.
            """,
        ),
    ),
    story(
        CHIARA,
        "Fattura elettronica scartata",
        mail(
            """
            Buongiorno,

            la fattura 44 generata con Tally è stata scartata: "codice destinatario non valido". Il codice è
            giusto, l'ho ricontrollato tre volte. Allego la notifica.

            Chiara Bellucco
            """,
            files=(
                plain(
                    "notifica.txt",
                    "Fattura 44: SCARTATA",
                    "Codice errore 00311",
                    "CodiceDestinatario non valido",
                ),
            ),
        ),
        take(PRIYA, 0.7, "tally", "billing", priority="high"),
        note(
            PRIYA,
            1,
            "C'è uno spazio in fondo al codice, incollato. Tally dovrebbe toglierlo da solo, segnalato.",
        ),
        reply(
            PRIYA,
            0.2,
            """
            Buongiorno Chiara, dopo il codice c'è uno spazio invisibile. Lo cancelli e reinvii con lo stesso
            numero. Da domani lo togliamo noi in automatico.
            """,
        ),
        mail("Accettata! Uno spazio... non ci avrei mai pensato.", 4, quoting=True),
        turn(PRIYA, 1, "solved"),
    ),
    story(
        ZOFIA,
        "Nie mogę zmienić języka",
        mail(
            """
            Dzień dobry, Tally pokazuje mi wszystko po niderlandzku (ładny język, ale nie mój). Gdzie to się
            przestawia?

            Zofia Wrzos
            """
        ),
        take(JONAS, 1, "how-to"),
        reply(
            JONAS,
            0.3,
            "Dzień dobry! Kółko w prawym górnym rogu → *Taal* → Polski. I już po polsku.",
            "solved",
        ),
    ),
    story(
        ZOFIA,
        "Sezonowi pracownicy: 15 kont na 3 miesiące",
        mail(
            """
            Dzień dobry, od maja przychodzi 15 osób do szkółki. Czy konta mogą same wygasnąć po sezonie?

            Z. Wrzos
            """,
            files=(table("osoby.csv", "imię;rola", "Hania;magazyn", "Igor;magazyn", "Tosia;kasa"),),
        ),
        take(MAAIKE, 4, "access"),
        reply(
            MAAIKE,
            2,
            """
            Dzień dobry, tak: przy imporcie listy proszę dodać kolumnę `do` z datą. Płaci Pani tylko za te
            miesiące.
            """,
        ),
    ),
    story(
        DUARTE,
        "Erro ao carregar extracto bancário",
        mail(
            """
            Bom dia, o ficheiro do banco dá "formato desconhecido" desde que o banco mudou de sistema. Em
            anexo as primeiras linhas.

            Duarte
            """,
            files=(table("extracto.csv", "Data|Descritivo|Valor", "{day}|TRF VINHOS|120,00", "{day}|COMISSAO|-1,20"),),
        ),
        take(PRIYA, 1, "tally", "import"),
        note(PRIYA, 2, "New separator. Development needs two days to add it."),
        reply(
            PRIYA,
            0.2,
            """
            Bom dia Duarte, o banco mudou o separador. Acrescentamo-lo até quinta; até lá, gravar com ponto e
            vírgula resolve.
            """,
        ),
    ),
    story(
        KENJI,
        "CSV出力の文字化けについて",
        mail(
            """
            ご担当者様

            お世話になっております。森田精機の森田です。
            TallyからCSVを出力すると、日本語の品名が文字化けします。
            画面上では正しく表示されています。
            対処方法をご教示いただけますでしょうか。

            森田 健司
            """,
            files=(table("shinamei.csv", "code;name", "A-101;歯車", "A-102;軸受"),),
        ),
        take(PRIYA, 6, "tally", "export"),
        reply(
            PRIYA,
            0.5,
            """
            森田様

            ご連絡ありがとうございます。
            出力画面の「文字コード」で「UTF-8(BOM付き)」をお選びください。
            表計算ソフトで正しく開けるようになります。
            """,
        ),
        mail("正しく表示されました。\n迅速なご対応、ありがとうございました。\n\n森田", 14, quoting=True),
        turn(PRIYA, 3, "solved"),
    ),
    story(
        DENIZ,
        "Kullanıcı ekleyemiyorum",
        mail(
            """
            Merhaba, yeni muhasebecimizi eklemek istiyorum ama "sınır doldu" diyor. Oysa 5 kişilik paketimiz
            var ve 4 kişiyiz.

            Deniz Aksoylu
            """,
            files=(screen("sinir.png", "KISI EKLE", "SINIR DOLDU", "5 / 5"),),
        ),
        take(JONAS, 1, "access"),
        reply(
            JONAS,
            0.5,
            """
            Merhaba Deniz Bey, beşinci yer bekleyen eski bir davet. *Kişiler → Davetler* altından silince yer
            açılır.
            """,
            "solved",
        ),
    ),
    story(
        THEO,
        "Changement d'adresse de facturation",
        mail(
            """
            Bonjour, nous déménageons au 1er. Nouvelle adresse : Vasselin Transports, 8 quai des Brumes. Merci
            de mettre à jour.

            Théo
            """
        ),
    ),
    story(
        CHIARA,
        "Si può annullare un'importazione?",
        mail(
            """
            Buongiorno, ho importato due volte lo stesso file (gatto sulla tastiera, giuro). Si può tornare
            indietro?

            Chiara
            """
        ),
    ),
)
