"""What people wrote to Acme in other languages."""

from seldesk.demo.acme import ANN, BO, IRIS, TARIQ
from seldesk.demo.documents import invoice, letter, log, table
from seldesk.demo.pictures import BLUE, PALE, closeup, display, logo, screen
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

HEIKE = Requester("Heike Brandstetter", "h.brandstetter@brandstetter-steuer.example", "de")
ULRICH = Requester("Ulrich Kesselring", "ulrich.kesselring@gemeinde-auental.example", "de")
CAMILLE = Requester("Camille Rouvière", "camille.rouviere@atelier-rouviere.example", "fr")
BASTIEN = Requester("Bastien Lecorvaisier", "b.lecorvaisier@notaires-du-port.example", "fr")
INES = Requester("Inés Quiroga Peral", "iquiroga@gestoriaquiroga.example", "es")
LUCA = Requester("Luca Morandini", "luca.morandini@morandini-ceramiche.example", "it")
FENNA = Requester("Fenna Terpstra", "fenna@terpstra-advies.example", "nl")
JOOST = Requester("Joost van Ewijk", "j.vanewijk@basisschool-dewilg.example", "nl")
KAROLINA = Requester("Karolina Dębska", "k.debska@debska-logistyka.example", "pl")
LINNEA = Requester("Linnéa Forsgård", "linnea.forsgard@forsgardbygg.example", "sv")
PER = Requester("Per-Olof Hedlund", "po.hedlund@hedlundsmek.example", "sv")
TIAGO = Requester("Tiago Meireles", "tiago.meireles@meirelesimoveis.example", "pt")
ELIF = Requester("Elif Karahan", "elif.karahan@karahanmimarlik.example", "tr")
HARUKA = Requester("橋本 春香", "haruka.hashimoto@hashimoto-shoji.example", "ja")

SELLER = "Acme Office Machines AB, Norrtull 4, Exempelstad"

TICKETS = (
    story(
        HEIKE,
        "Drucker zieht kein Papier mehr ein",
        mail(
            """
            Guten Tag,

            unser P60c im ersten Stock zieht seit gestern aus Fach 2 kein Papier mehr ein. Fach 1 geht. Papier
            ist dasselbe wie immer, Rollen habe ich mit einem feuchten Tuch abgewischt. Wir haben bis
            Monatsende Abgabefristen, bitte um schnelle Hilfe!

            Mit freundlichen Grüßen
            Heike Brandstetter
            Steuerkanzlei Brandstetter
            """,
            files=(display("fach2.png", "FACH 2", "KEIN PAPIER"),),
        ),
        take(TARIQ, 0.5, "p60c", "repair", priority="high"),
        reply(
            TARIQ,
            0.4,
            """
            Guten Tag Frau Brandstetter,

            wenn Fach 1 geht, ist es fast immer der Sensor unten in Fach 2: Fach ganz herausnehmen, links
            hinten sitzt ein kleiner schwarzer Hebel. Bewegt er sich leicht und federt zurück?

            Viele Grüße
            Tariq Haddad
            """,
        ),
        mail(
            """
            Der Hebel hing fest, da klemmte ein Etikett drunter. Jetzt läuft es wieder, tausend Dank!

            H. Brandstetter
            """,
            1.5,
            quoting=True,
        ),
        reply(
            TARIQ,
            0.3,
            "Prima! Falls er wieder hängt, bringe ich beim nächsten Wartungstermin einen neuen mit.",
            "solved",
        ),
    ),
    story(
        HEIKE,
        "Rechnung 20688: Skonto nicht abgezogen",
        mail(
            """
            Sehr geehrte Damen und Herren,

            laut Vertrag ziehen wir bei Zahlung binnen 10 Tagen 2 % Skonto ab. Sie haben nun den vollen Betrag
            angemahnt. Bitte prüfen und Mahnung zurücknehmen.

            Mit freundlichen Grüßen
            Heike Brandstetter
            """,
            files=(
                invoice(
                    "20688",
                    SELLER,
                    "Steuerkanzlei Brandstetter",
                    ("Wartung P60c, Quartal", 1, "174.00"),
                    days=28,
                ),
            ),
        ),
        take(IRIS, 1.5, "billing"),
        note(
            IRIS,
            0.3,
            """
            Skonto steht im Rahmenvertrag von vor zwei Jahren, war im neuen System nicht eingetragen.
            Nachgetragen.
            """,
        ),
        reply(
            IRIS,
            0.2,
            """
            Sehr geehrte Frau Brandstetter,

            Sie haben recht, die Mahnung ist zurückgenommen und das Skonto jetzt fest hinterlegt. Bitte
            entschuldigen Sie.

            Iris Sandvik
            """,
            "solved",
        ),
        turn(BO, 180, "closed"),
    ),
    story(
        ULRICH,
        "Ausschreibung Kopierer Rathaus, Rückfrage zu Los 2",
        mail(
            """
            Sehr geehrter Herr Lind,

            zu Ihrem Angebot Los 2 haben wir zwei Rückfragen:

            1. Ist der Austausch der Trommeln im Seitenpreis enthalten?
            2. Wie lange sind Ersatzteile lieferbar (gefordert: 8 Jahre)?

            Antwort bitte in Textform bis Freitag, 12 Uhr.

            Im Auftrag
            Kesselring
            Gemeinde Auental, Hauptamt
            """,
        ),
        take(BO, 3, "sales", "tender"),
        reply(
            BO,
            2,
            """
            Sehr geehrter Herr Kesselring,

            zu 1: ja, Trommeln, Entwickler und Fixiereinheit sind im Seitenpreis enthalten, nur Papier und
            Heftklammern nicht. Zu 2: zehn Jahre ab Lieferung; eine Erklärung des Herstellers liegt bei.

            Mit freundlichen Grüßen
            Bo Lind
            """,
            files=(
                letter(
                    "erklaerung-ersatzteile.pdf",
                    "Erklärung",
                    "Ersatzteile für P40 und P60c sind zehn Jahre ab Lieferung erhältlich.",
                ),
            ),
        ),
        mail(
            """
            Vielen Dank, die Unterlagen sind vollständig. Der Zuschlag wird in der nächsten Ratssitzung
            erteilt.
            """,
            20,
        ),
        turn(BO, 2, "waiting"),
    ),
    story(
        ULRICH,
        "Frankiermaschine: neues Porto einspielen",
        mail(
            """
            Guten Tag, zum Ersten ändert sich das Porto. Kommt das automatisch auf die F3 oder muss jemand
            kommen?

            Kesselring
            """
        ),
        take(ANN, 2, "f3", "how-to"),
        reply(
            ANN,
            0.3,
            """
            Guten Tag Herr Kesselring, das kommt von selbst in der Nacht vorher. Lassen Sie die F3 einfach
            eingeschaltet und am Netz.
            """,
            "solved",
        ),
    ),
    story(
        CAMILLE,
        "Traceur en panne avant un salon",
        mail(
            """
            Bonjour,

            notre traceur s'arrête au milieu de chaque plan avec le message « tête 3 ». Nous partons au salon
            jeudi et il nous reste 14 panneaux à imprimer... J'ai fait deux nettoyages, rien n'y fait.

            Merci de me rappeler dès que possible,
            Camille Rouvière
            """,
            files=(display("traceur.png", "TETE 3", "NETTOYER"),),
        ),
        take(ANN, 0.3, "plotter", priority="urgent"),
        reply(
            ANN,
            0.3,
            """
            Bonjour Camille,

            pas de troisième nettoyage, cela viderait la tête. Une tête neuve part aujourd'hui en express et
            arrive demain avant 10 h ; vous la changez vous-même en cinq minutes, la notice est jointe.

            Ann
            """,
            files=(
                letter(
                    "changer-la-tete.pdf",
                    "Changer une tête",
                    "1. Menu > Entretien > Changer une tête.",
                    "2. Ouvrir le capot, lever le levier bleu.",
                    "3. Sortir la tête 3, mettre la nouvelle, baisser le levier.",
                    "4. Fermer. L'alignement dure six minutes.",
                ),
            ),
        ),
        mail(
            "Tête reçue à 9 h 20, changée à 9 h 30, les 14 panneaux sèchent. Vous me sauvez le salon !",
            24,
            quoting=True,
        ),
        turn(ANN, 0.5, "solved"),
    ),
    story(
        CAMILLE,
        "Papier photo : lequel prendre ?",
        mail(
            """
            Rebonjour, quel papier conseillez-vous pour des tirages à encadrer, mat, 60 cm de large ?

            Camille
            """
        ),
        take(IRIS, 3, "supplies"),
        reply(
            IRIS,
            0.5,
            """
            Bonjour Camille, le mat 230 g en rouleau de 61 cm. Je glisse deux échantillons dans votre prochain
            colis.
            """,
            "solved",
        ),
    ),
    story(
        BASTIEN,
        "Résiliation du contrat C-2904",
        mail(
            """
            Madame, Monsieur,

            notre étude fusionne avec celle du quai Nord, déjà équipée. Nous souhaitons résilier le contrat
            C-2904 au plus tôt. Merci de nous indiquer le préavis et les modalités de reprise de la machine.

            Veuillez agréer, Madame, Monsieur, nos salutations distinguées.
            Me Bastien Lecorvaisier
            """,
            files=(letter("resiliation.pdf", "Résiliation du contrat C-2904", "Étude Lecorvaisier, notaires du port"),),
        ),
        take(IRIS, 2, "contract"),
        take(IRIS, 0.1, for_=BO),
        note(
            BO,
            1,
            """
            Préavis 3 mois. L'étude du quai Nord est chez nous aussi : proposer un transfert plutôt qu'une
            résiliation.
            """,
        ),
        reply(
            BO,
            0.5,
            """
            Maître,

            le préavis est de trois mois. L'étude du quai Nord étant notre cliente, je peux aussi reprendre
            votre machine dès la fusion et verser le reste du contrat au leur, sans frais. Cela vous
            conviendrait-il ?

            Bo Lind
            """,
        ),
        mail(
            "Cela nous convient parfaitement. La fusion prend effet le premier du mois prochain.",
            70,
            quoting=True,
        ),
    ),
    story(
        BASTIEN,
        "Toner livré en double",
        mail(
            """
            Bonjour, nous avons reçu deux fois la commande 88214. Que faisons-nous du second carton ?

            L'accueil de l'étude
            """
        ),
        take(IRIS, 1, "delivery", "return"),
        reply(
            IRIS,
            0.4,
            """
            Bonjour, notre erreur d'emballage. Gardez-le si vous en avez l'usage (30 % de remise), sinon un
            coursier passe demain.
            """,
        ),
        mail("Nous le gardons, merci.", 5),
        reply(IRIS, 0.5, "Très bien, la remise sera sur la facture.", "solved"),
    ),
    story(
        INES,
        "Factura con CIF equivocado",
        mail(
            """
            Buenos días:

            En la última factura aparece el CIF antiguo. El correcto es B-00000018. ¿Pueden rectificarla antes
            de que acabe el mes? Tenemos que presentar el IVA.

            Un saludo,
            Inés Quiroga
            Gestoría Quiroga
            """,
            files=(invoice("20711", SELLER, "Gestoria Quiroga", ("Alquiler P40, mes", 1, "49.00"), days=4),),
        ),
        take(IRIS, 1, "billing"),
        reply(
            IRIS,
            0.6,
            """
            Buenos días, Inés: adjunto la factura rectificada con el CIF nuevo, que ya queda así para las
            siguientes. Un saludo, Iris
            """,
            "solved",
            files=(
                invoice(
                    "20711-R",
                    SELLER,
                    "Gestoria Quiroga, B-00000018",
                    ("Alquiler P40, mes", 1, "49.00"),
                    days=0,
                ),
            ),
        ),
    ),
    story(
        INES,
        "La destructora hace un ruido raro",
        mail(
            """
            Hola, desde el lunes la S12 chirría como una puerta vieja cuando mete más de cinco hojas. ¿Es
            peligroso? ¿Se le echa aceite como a las bisagras? :)

            Inés
            """,
        ),
        take(TARIQ, 2, "s12", "how-to"),
        reply(
            TARIQ,
            0.4,
            """
            Hola, Inés:

            casi: se le echa aceite, pero el suyo. Una hoja de papel con un zigzag de aceite para
            destructoras, se pasa y luego se deja girar hacia atrás diez segundos. Le mando una botella
            gratis; con una gota al mes no vuelve a chirriar.
            """,
        ),
        mail("Llegó el aceite, ya ni se oye. ¡Gracias!", 72),
        turn(TARIQ, 1, "solved"),
    ),
    story(
        LUCA,
        "Preventivo per etichettatrice",
        mail(
            """
            Buongiorno,

            ci serve una stampante di etichette per le scatole (circa 300 al giorno, etichette 100x150,
            resistenti all'umidità). Potete mandarmi un preventivo e un paio di etichette di prova?

            Grazie
            Luca Morandini
            Morandini Ceramiche
            """,
            rich=True,
            inline=(logo("morandini.png", "MC", BLUE),),
        ),
        take(BO, 2, "sales", "quote"),
        reply(
            BO,
            3,
            """
            Buongiorno Luca, in allegato il preventivo per la L8 con testina larga. Le etichette di prova
            partono oggi per posta.
            """,
            files=(
                letter(
                    "preventivo-N-1055.pdf",
                    "Preventivo N-1055",
                    "L8 larga: 389.00",
                    "Etichette 100x150 sintetiche, 1000 pezzi: 22.00",
                ),
            ),
        ),
    ),
    story(
        LUCA,
        "Assistenza: sportello rotto",
        mail(
            """
            Buongiorno, un collega ha appoggiato una cassa sulla P20 e lo sportello anteriore non chiude piu.
            Si puo avere il pezzo?

            Luca
            """,
            files=(closeup("sportello.png", 41, PALE),),
        ),
        take(TARIQ, 1, "p20", "repair"),
        reply(
            TARIQ,
            0.5,
            "Buongiorno, sì: sportello 34,00, si monta senza attrezzi. Lo spedisco domani se mi dà l'ok.",
        ),
        mail("Ok, proceda pure.", 3, quoting=True),
        reply(
            TARIQ,
            16,
            "Spedito stamattina, arriva fra due giorni. Per ora un pezzo di nastro adesivo fa il suo dovere.",
            "solved",
        ),
    ),
    story(
        FENNA,
        "Kopieerapparaat print alles in spiegelbeeld?!",
        mail(
            """
            Hoi,

            sinds vanmorgen komt alles in spiegelbeeld uit de printer. Grappig voor vijf minuten, maar nu moet
            er een offerte uit :-) Iemand (ik noem geen namen) heeft op alle knoppen gedrukt.

            Groetjes, Fenna
            """,
        ),
        take(ANN, 0.4, "how-to"),
        reply(
            ANN,
            0.1,
            """
            Hoi Fenna, geen namen nodig: *Printvoorkeuren → Effecten → Spiegelen* staat aan. Uitvinken en
            opslaan als standaard.
            """,
            "solved",
        ),
        mail("Opgelost! Hij biedt zijn excuses aan, ook in spiegelbeeld.", 0.5, quoting=True),
        turn(ANN, 0.2, "solved"),
    ),
    story(
        JOOST,
        "Afspraak onderhoud verzetten",
        mail(
            """
            Beste mensen, dinsdag is studiedag, dan is de school dicht. Kan de monteur een dag later komen?

            Joost van Ewijk
            """
        ),
        take(IRIS, 2, "appointment"),
        reply(
            IRIS,
            0.5,
            "Beste Joost, woensdag om half negen is genoteerd. Hij meldt zich bij de conciërge.",
            "solved",
        ),
        turn(BO, 160, "closed"),
    ),
    story(
        JOOST,
        "Tellerstanden De Wilg",
        mail(
            """
            Hierbij de standen. De onderste is die van het handvaardigheidslokaal, daar zit verf op het
            display dus die is geschat.
            """,
            files=(
                table(
                    "standen.csv",
                    "machine;stand",
                    "P40-12044;90112",
                    "P40-12045;71209",
                    "P20-00871;12000 (geschat)",
                ),
            ),
        ),
        take(IRIS, 3, "meters"),
        reply(IRIS, 0.4, "Dank je! Van die met verf neem ik je schatting over.", "solved"),
    ),
    story(
        KAROLINA,
        "Faktura na złą spółkę",
        mail(
            """
            Dzień dobry,

            faktura 20695 została wystawiona na Dębska Transport, a powinna być na Dębska Logistyka. Proszę o
            korektę.

            Pozdrawiam
            Karolina Dębska
            """,
            files=(invoice("20695", SELLER, "Debska Transport", ("Toner P40", 4, "61.50"), days=6),),
        ),
        take(IRIS, 1.5, "billing"),
        reply(
            IRIS,
            1,
            "Dzień dobry, korekta w załączniku. Przepraszamy za pomyłkę!",
            "solved",
            files=(invoice("20695-K", SELLER, "Debska Logistyka", ("Toner P40", 4, "61.50"), days=0),),
        ),
    ),
    story(
        KAROLINA,
        "Skaner gubi strony",
        mail(
            """
            Dzień dobry, przy skanowaniu listów przewozowych (cienki papier, kopie) skaner łapie po dwie
            kartki i w pliku brakuje stron. Zauważył to dopiero klient, trochę wstyd... W załączniku raport z
            wczoraj.

            K. Dębska
            """,
            files=(
                log(
                    "skan.txt",
                    "job 311 pages in 40 out 40",
                    "job 312 pages in 38 out 35",
                    "job 313 pages in 60 out 57",
                    minutes=600,
                ),
            ),
        ),
        take(TARIQ, 1, "scan"),
        reply(
            TARIQ,
            0.6,
            """
            Dzień dobry Pani Karolino,

            proszę włączyć **Skan → Opcje → Wykrywanie podwójnych kartek**. Skaner zatrzyma się wtedy zamiast
            gubić strony. Na cienki papier pomaga też prędkość „wolno".
            """,
        ),
    ),
    story(
        LINNEA,
        "Hyra kopiator till byggbod, 4 månader",
        mail(
            """
            Hej!

            Vi behöver en enkel A3-kopiator till en byggbod från nästa måndag och fyra månader framåt. Det är
            dammigt och ibland under noll på natten, går det ens?

            Hälsningar
            Linnéa Forsgård, Forsgård Bygg
            """,
        ),
        take(BO, 1, "sales", "rental"),
        reply(
            BO,
            1,
            """
            Hej Linnéa! Det går, vi har en P40 med dammskåp och värmematta för just sådant: 95 i månaden,
            filterbyte ingår. Måndag kl 9?
            """,
        ),
        mail("Måndag 9 blir kanon. Grind B, ring på när ni står där.", 2, quoting=True),
        turn(BO, 1, "solved"),
        days=(20, 30),
    ),
    story(
        LINNEA,
        "Byggboden: skrivaren hittas inte",
        mail(
            """
            Nu står den där men datorn hittar den inte på nätet. Vi kör mobilt bredband, kan det vara därför?
            """,
            files=(screen("skrivare.png", "LAGG TILL SKRIVARE", "INGA ENHETER HITTADES"),),
        ),
        take(ANN, 0.5, "network", "rental"),
        reply(
            ANN,
            0.3,
            """
            Ja, routern håller isär apparaterna. Stäng av "klientisolering" i den, så syns skrivaren direkt.
            """,
        ),
        mail("yes! syns nu", 1),
        turn(ANN, 0.5, "solved"),
        days=(3, 14),
    ),
    story(
        PER,
        "Pris på service av gammal F3",
        mail("Tjena, vad kostar det att få frankeringsmaskinen genomgången? Den är väl en tio år gammal. /P-O"),
        take(TARIQ, 4, "f3", "quote"),
        reply(
            TARIQ,
            0.5,
            "Hej P-O! 145 inklusive nya gummivalsar. Jag har vägarna förbi på torsdag om det passar.",
        ),
    ),
    story(
        TIAGO,
        "Digitalização sai toda preta",
        mail(
            """
            Boa tarde,

            quando digitalizo pelo alimentador as páginas saem pretas; pelo vidro saem bem. Já reiniciei.
            Envio um exemplo.

            Obrigado
            Tiago Meireles
            """,
            files=(screen("digitalizacao.png", "PAGINA 1 DE 1", "########", "########"),),
        ),
        take(ANN, 1, "scan"),
        reply(
            ANN,
            0.5,
            """
            Boa tarde Tiago, a lâmpada do alimentador tem uma tampa de transporte azul. Parece que voltou a
            cair: basta empurrá-la para trás.
            """,
        ),
        mail("Era isso mesmo, obrigado!", 2),
        turn(ANN, 1, "solved"),
    ),
    story(
        ELIF,
        "Kartuş siparişi ulaşmadı",
        mail(
            """
            Merhaba,

            geçen hafta verdiğimiz 88255 numaralı kartuş siparişi hâlâ gelmedi. Kargo takip numarası da
            çalışmıyor. Bilgi verebilir misiniz?

            Teşekkürler
            Elif Karahan
            """,
        ),
        take(IRIS, 1, "delivery"),
        note(IRIS, 0.5, "Parcel stuck at customs, a paper was missing. Sent it again by mail."),
        reply(
            IRIS,
            0.2,
            """
            Merhaba Elif Hanım, paket gümrükte bekliyordu, eksik belgeyi şimdi gönderdik. İki güne kadar sizde
            olur.
            """,
        ),
    ),
    story(
        HARUKA,
        "請求書の再発行のお願い",
        mail(
            """
            サポートご担当者様

            いつもお世話になっております。橋本商事の橋本です。
            先月分の請求書を紛失してしまいました。
            お手数ですが、PDFで再発行していただけますでしょうか。

            どうぞよろしくお願いいたします。

            橋本 春香
            """,
        ),
        take(IRIS, 5, "billing"),
        reply(
            IRIS,
            0.5,
            """
            橋本様

            お世話になっております。
            先月分の請求書を添付いたしました。ご確認ください。

            Iris Sandvik
            """,
            "solved",
            files=(invoice("20640", SELLER, "Hashimoto Shoji", ("Rental P60c, month", 1, "112.00"), days=24),),
        ),
    ),
    story(
        FENNA,
        "Offerte tweede printer",
        mail(
            """
            Hoi Bo, we groeien :) kun je een offerte maken voor nog zo'n P20, maar dan in het wit als dat
            bestaat?

            Fenna
            """
        ),
    ),
    story(
        ULRICH,
        "Kopierer Bürgerbüro druckt Streifen",
        mail(
            """
            Guten Tag,

            das Gerät im Bürgerbüro (P40-11877) druckt seit heute früh breite graue Streifen auf jede Seite.
            Muster anbei. Heute Nachmittag kommen die Wahlbenachrichtigungen dran, das sind 3.000 Blatt.

            Kesselring
            """,
            files=(screen("muster.png", "MUSTERSEITE", "-- -- -- -- --", "-- -- -- -- --"),),
        ),
    ),
)
