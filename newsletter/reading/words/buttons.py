"""What stands on the buttons and in the menus of sites, in the languages of our neighbours. Names only."""

from newsletter.wording import phrases

#: Lines that say where to go, what to press, or what the site is. Compared without case and punctuation.
NAVIGATION = frozenset(
    phrases("""
        go to top|back to top|to the top|top|top of page|scroll to top|up|till toppen|upp|tillbaka upp
        gå till toppen|till sidans topp|tillbaka till toppen|back|go back|tillbaka|bakåt|close|stäng|home|hem
        start|startsida|startsidan|skip to content|skip to main content|hoppa till innehåll|hoppa till innehållet
        hoppa till huvudinnehåll|menu|meny|main menu
        huvudmeny|toggle navigation|open menu|öppna meny|search|sök|search for|sök efter|read more|more|läs mer
        mer|continue reading|fortsätt läsa|read the article|read article|läs artikeln|läs hela artikeln
        read full article|show more|visa mer|show all|visa alla|see all|se alla|view all|load more|ladda fler
        documents & links
        all news|alla nyheter|share|share this|share this article|share post|share this post|share on|dela
        dela sidan|dela artikeln|dela inlägget|dela på|dela med dig|tweet|tweeta|print|skriv ut|email|e-mail
        e-post|mejla|copy link|kopiera länk|link copied|facebook|linkedin|twitter|x|instagram|youtube|bluesky
        mastodon|threads|whatsapp|messenger|rss|previous|next|previous post|next post|previous article
        next article|föregående|nästa|föregående inlägg|nästa inlägg|föregående artikel|nästa artikel|older posts
        newer posts|äldre inlägg|nyare inlägg|kommentera|comments
        kommentarer|no comments|inga kommentarer|0 comments|comments off|log in|login|sign in|logga in|log out
        logga ut|my account|mina sidor|english|in english|svenska|på svenska|swedish|engelska|sv|en|sv en|en sv
        change language|byt språk|news|nyheter|nyhet|newsroom|press|pressrum|press release|pressmeddelande|blog
        blogg|events|evenemang|kalender|calendar|about|about us|om oss|contact|contact us|kontakt|kontakta oss
        privacy|privacy policy|integritetspolicy|cookies|cookie policy|cookie settings|cookieinställningar
        om cookies|om kakor|terms|terms of use|villkor|accept|accept all|accept all cookies|accept cookies
        reject all|decline|only necessary|manage cookies|save settings|acceptera|acceptera alla
        acceptera alla cookies|godkänn|godkänn alla|godkänn alla kakor|neka|neka alla|avböj|endast nödvändiga
        bara nödvändiga|inställningar|hantera cookies|ok|i agree|jag förstår|listen|lyssna|advertisement|annons
        hide ad|ends|slut|zum hauptinhalt|zum hauptinhalt springen|zur navigation springen|zur hauptnavigation
        zur suche|avatar photo|avatar-foto|profilbild
        follow|annonser|sponsored|skip ad|loading|laddar|sitemap|webbkarta|tillgänglighetsredogörelse|accessibility
        subscribe|prenumerera|follow us|följ oss|published|publicerad|image|bild|photo|foto|video
        this site uses cookies|avprenumerera|avsluta prenumeration|unsubscribe|view in browser|view online
        for immediate release|till redaktionen|startseite|impressum|datenschutz|datenschutzerklärung|menü|suche
        teilen|drucken|mehr lesen|mehr erfahren|weiterlesen|zurück|nach oben|über uns|aktuelles
        direkt nach oben|textstorlek
        alle akzeptieren|akzeptieren|ablehnen|cookie-einstellungen|din e-postadress
        your e-mail address|your email address
        visa i webbläsaren|läs i webbläsaren|yes|no|ja|nej|bifogade filer|attachments|attached files|ladda ner
        ladda ned|download|downloads|nedladdningar|pressbilder|pressmeddelanden|to the calendar
        null|undefined|nan|translate|öppna mobilmenyn|öppna menyn|visa menyn|mobilmeny
        navigation|regulatorisk|icke-regulatorisk|regulatory|non-regulatory|report this event
        läs mer om kakor|läs mer om cookies|jag godkänner|godkänn alla cookies|endast nödvändiga kakor|in swedish
        meny og søk|søk|søg
        hjem|forside|forsiden|nyheter og aktuelt|aktuelt|nyheder|nyhed|kontakt oss|kontakt os|om os|følg oss
        følg os|les mer|les hele saken|læs mere|læs artiklen|del artikkelen|del artiklen|del siden|til toppen
        tilbake til toppen|tilbage til toppen|godta|godta alle|avvis|avvis alle|kun nødvendige|accepter
        accepter alle|afvis|afvis alle|informasjonskapsler|les mer om informasjonskapsler|læs mere om cookies
        cookiepolitik|personvern|personvernerklæring|privatlivspolitik|tilgjengelighetserklæring
        tilgængelighedserklæring|arrangementer|barrierefreiheit|beitrag teilen
        veranstaltungen|folgen sie uns|news und termine|haku|hae
        valikko|etusivu|uutiset|ajankohtaista|tapahtumat|yhteystiedot|ota yhteyttä|meistä|seuraa meitä|jaa
        jaa artikkeli|jaa sivu|sähköposti|lue lisää|lue lisää evästeistä|evästeet|hyväksy|hyväksy kaikki|hylkää
        vain välttämättömät|tietosuojaseloste|saavutettavuusseloste|takaisin ylös|suomeksi|på norsk|norsk|på dansk
        dansk|deutsch|suomi|mainos|anzeige|werbung|del|del dette
        del denne saken|del innlegget|annonse|reklame|accueil|menu principal|partager
        partager cet article|imprimer|lire la suite|en savoir plus|haut de page|retour en haut|rechercher
        actualités|nous contacter|mentions légales|tout accepter|tout refuser|refuser|publicité|précédent
        suivant|skriv ut sidan|tipsa en vän|play video|video player|page load link|toggle sliding bar area
        view larger image|report this content|connect with us|taggar|tags|related projects|about the author
        post author|post date|inläggsförfattare|inläggsdatum
        om författaren|avatar|previousnext|previous next|föregående nästa|dela detta inlägg|dela det här
        suchformular|suchen|suche nach|hauptmenü|toggle menu|toggle search
        open navigation|bottom of page|close menu|stäng meny|feed|newsletter|janej|yesno|breadcrumb
        facebook twitter youtube|login/registrieren|newer post|older post|senare inlägg
        neuerer post|älterer post|vorheriges|vorheriges weiter|zurück weiter|vorheriger beitrag|nächster beitrag
        nyere innlegg|eldre innlegg|nyere opslag|ældre opslag|uudempi teksti|vanhempi teksti|nächstes|weiter
        zur startseite|ältere beiträge|neuere beiträge|suggest changes|edit this page|table of contents
        on this page|innehållsförteckning|på den här sidan|redigera sidan|inhaltsverzeichnis
        الرئيسية|الصفحة الرئيسية|الأخبار|أخبار|آخر الأخبار|اتصل بنا|تواصل معنا|من نحن|عن الجامعة|بحث|البحث|القائمة
        مشاركة|شارك|اقرأ المزيد|المزيد|طباعة|تسجيل الدخول|الفعاليات|سياسة الخصوصية|العربية|تخطى إلى المحتوى
        انتقل إلى المحتوى
        advanced search|avancerad sökning|just another wordpress weblog|just another wordpress site
        en till wordpress-webbplats
        logg inn|log ind|einloggen|anmelden|kirjaudu|se connecter|event details|evenemangsdetaljer
        veranstaltungsdetails|share button|placeholder image|kuva
        delen|deel dit artikel|deel dit bericht|nieuws|zoeken|terug|lees meer|lees verder|direct naar inhoud
        alles accepteren|volgende|vorige|compartir|leer más|noticias|inicio|buscar|volver|menú|siguiente|anterior
        aceptar|aceptar todo|aceptar todas|política de cookies|política de privacidad|aviso legal|contacto
        saltar al contenido|share this page|share this story|share this news|dela den här artikeln
        dela denna artikel|dela den här sidan|dela denna sida|dela nyheten|del denne artikel|del denne artikkelen
        del denne siden|del denne nyhed|diesen artikel teilen|artikel teilen|seite teilen|jaa tämä
        jaa tämä artikkeli|jaa tämä sivu|jaa tämä uutinen|partager cette page|lyssna på sidan|öppna i kartan
        visa fler|lämna synpunkt|nästa sida|next page|nächste seite|inlägget är stängt för kommentarer
        kommentarerna är avstängda|artikel drucken|seite drucken|zur übersicht|kommentare|kommentar schreiben
        newsletter abonnieren|per e-mail teilen|del på facebook|skriv ut siden|tilbake|tilbage|udskriv|skriv ud
        jaa facebookissa|tulosta|uutiskirje|annonce
    """)
)
