"""How servers say that somebody, or some domain, is not there. Data for `phrase.absent`, which reads sentences."""

from newsletter.wording import phrases

#: "Is not there", with something that is not there beside it.
ABSENT = phrases("""
    unknown | not found | notfound | no such | not exist | n't exist | nonexist | non-exist | non exist | invalid
    | not known | not recognize | not recognise | not a recogni | n't recognize | unrecogni | not listed
    | not a valid | not valid | n't valid | n't a valid | isn't valid | no mailbox | no mail box | no user by
    | no account | no longer | n't have | not have | could not be found | couldn't be found | cannot be found
    | can't be found | cannot find | can't find | couldn't find | could not find | unable to find | bad_ | illegal
    | not registered | unrouteable | unroutable | not in_ | not our_ | not a local | not local | n't here
    | not here | _no one | nobody | unavailable | unavaiable | not available | not present | has no_ | without a_
    | no valid | not a member of domain | not an active address | n't found | doesn't live | not handled
    | not hosted | does not have | _deleted | _removed | cancelled | canceled | _closed | incorrect | _wrong
    | not match | mistyped | not defined | not a known | ambiguous | obsolete | retired | failed to find | no local
    | not matched | unresolvable | not deliverable | non-local
    fr: inconnu | inexistant | n'existe pas | n'existe plus | introuvable | invalide | n'a pas été trouv
    | non trouv | pas répertorié
    de: nicht mehr verwendet | nicht mehr genutzt | nicht mehr gültig | nicht mehr in gebrauch | unbekannt
    | nicht gefunden | existiert nicht | nicht vorhanden | nicht bekannt | ungültig | konnte nicht gefunden
    | existiert in | existiert auf | existiert bei | nicht existier | kein benutzer | gibt es nicht | kein postfach
    | nicht im domino-verzeichnis
    es: desconocid | no existe | no encontrad | no se encontr | no se ha encontrado | no válid | inexistente
    pt: incorrecta | não existe | nao existe | não encontrad | nao encontrad | não foi encontrad | desconhecid
    | inválid | não pôde ser encontrad
    it: nessun utente | sconosciut | non esiste | non trovat | non valid | non è stato trovato | non esistente
    | inesistente | impossibile trovare | errato
    sv: okänd | finns inte | hittades inte | hittas inte | existerar inte | ogiltig | kunde inte hittas
    | gick inte att hitta | går inte att hitta | används inte längre | används ej längre | inte längre i bruk
    | inte längre giltig | inte kvar | inte kunde hittas | finns ej_ | finns ingen sådan | finns ingen användare
    | finns ingen mottagare
    da: bruges ikke længere | ikke længere i brug | finder ikke | kan ikke finde | ikke fundet | ukendt
    | findes ikke | ugyldig | kunne ikke findes
    no: brukes ikke lenger | ikke lenger i bruk | finner ikke | fant ikke | kan ikke finne | ikke funnet | ukjent
    | finnes ikke | eksisterer ikke | kunne ikke finnes
    nl: niet kan worden gevonden | onbekend | bestaat niet | niet gevonden | ongeldig | niet bekend
    | kon niet worden gevonden
    fi: ei ole enää käytössä | ei enää käytössä | tuntematon | ei löydy | ei löytynyt | ei ole olemassa
    | virheellinen
    et: tundmatu | ei leitud | ei eksisteeri
    lt: nerastas | nežinomas | neegzistuoja | nepavyko rasti
    lv: nav atrasts | nezināms | neeksistē | nevarēja atrast
    pl: nieznany | nie istnieje | nie znaleziono | nie ma takiego | niepoprawny | nie można odnaleźć
    | nie można znaleźć | nie odnaleziono
    cs: neexistuje | neznám | nenalezen | nelze nalézt
    hu: ismeretlen | nem létezik | nem található
    tr: bulunamad | mevcut değil | geçersiz | bilinmeyen
    ro: necunoscut | nu există | nu exista | nu a putut fi găsit
    el: άγνωστ | δεν υπάρχει | δεν βρέθηκε | δεν ήταν δυνατή η εύρεση
    ru: не существует | не найден | неизвестн | неверн | нет такого | не зарегистрирован | недействител
    | не удалось найти | не удается найти
    uk: не знайден | не існує | невідом | не вдалося знайти
    ja: 存在しま | 存在しない | 見つかり | 見つから | 不明 | 宛先不明
    zh: 不存在 | 找不到 | 无效 | 無效 | 未找到 | 查無
    ko: 존재하지 않 | 찾을 수 없 | 없는
""")

#: Words for somebody, or for where mail to somebody goes.
PEOPLE = phrases("""
    user | mailbox | recipient | recip | address | account | alias | addressee | person | member | customer
    | local part | local-part | subscriber | inbox | mail box | userid | login | maildrop | rcpt | _name | people
    | mail drop | destinat
    fr: utilisateur | adresse | compte | boîte | boite | usager | destinataire
    de: empfänger | benutzer | postfach | konto | adressat | teilnehmer
    es: usuario | dirección | direccion | destinatario | cuenta | buzón | buzon
    pt: usuário | endereço | endereco | destinatário | _conta_ | caixa postal | caixa de correio
    it: utente | indirizzo | casella
    sv: mottagare | adress | användare | brevlåda | kontot
    da: modtager | bruger | postkasse
    no: mottaker | bruker
    nl: ontvanger | gebruiker | postbus | postvak
    fi: vastaanottaja | osoite | käyttäjä | postilaatikko
    et: kasutaja | saaja | aadress | postkast
    lt: vartotoj | gavėj | dėžut
    lv: lietotāj | saņēmēj | pastkast
    pl: odbiorc | użytkownik | skrzynk | konta | adres
    cs: příjemce | uživatel | schránka
    hu: címzett | felhasználó
    tr: alıcı | kullanıcı | posta kutusu
    ro: destinatar
    el: χρήστη | παραλήπτη | διεύθυνσ
    ru: получател | пользовател | адрес | ящик | учетн
    uk: одержувач | користувач
    ja: 宛先 | ユーザ | メールアドレス | アドレス | メールボックス | 受信者
    zh: 收件人 | 用户 | 用戶 | 邮箱 | 郵箱 | 地址 | 帐号 | 账户 | 帳號
    ko: 사용자 | 수신자 | 계정 | 주소 | 메일
""")

#: Words for where somebody's mail lives.
DOMAINS = phrases("""
    domain | host | dns | mx record | mail exchanger | server name | domain name | host name | hostname
    fr: domaine | hôte
    de: rechner
    es: dominio
    pt: domínio
    sv: domän
    nl: domein
    ru: домен
    ja: ドメイン
    zh: 域名
    ko: 도메인
""")

#: Words that turn the sentence: it is about who sent, about a part of the message, or about the way to somebody.
OURS = phrases("""
    sender | from: | mail from | header | attachment | reply-to | certificate | your host | your ip | helo
    | message-id | password | charset | character | reason unknown | unknown reason | unknown error | error unknown
    | unknown command | invalid command | illegal command | bad command | command un | bad sequence | command not
    | your server | your mail server | protocol | mailer | parameter | argument | option | your address
    | you are not | you are unknown | authoris | authoriz | allowed to | permission | _route_ | gateway | a way to
    | home directory | closed the connection | connection closed | went wrong | wrong number | _enough_ | authenti
    | mail transport | alias database | passwd database | settings | primary relay | unknown service
    | unknown variable | client | connecting | your domain | return domain | bounce domain | domain in from
    | in whitelist | in our whitelist | in our allowlist | unknown problem | unknown failure | unknown status
    | no longer accept | no longer receiv | no longer want
    de: zertifikat
    fr: expéditeur
    es: remitente
    it: mittente
    sv: avsändar | din adress | certifikat
    ru: отправител
    zh: 發件人 | 发件人
""")

#: Of the words of `ABSENT` those that letters and deliveries are said to be, too: they are so of somebody only
#: where a word for somebody stands nearer than one for a letter. Of a domain they say that it does not work now.
WEAK = phrases("""
    unavailable | unavaiable | not available | not present | incorrect | without a_ | cancelled | canceled
    | _closed | _removed | _deleted | _wrong
""")

#: Of the words of `ABSENT` those that are about what is named behind them: "doesn't have an account".
HAVING = phrases("n't have | not have | does not have | has no_")

#: Words for what is on its way, and for what brings it.
LETTERS = phrases("""
    message | e-mail | mail to | mail for | letter | delivery | connection | queue | service
""")

#: Words that make a guess of it.
PERHAPS = phrases("""
    may not | might | perhaps | possibly | whether_ | in case_ | please check if
    fr: il se peut | peut-être
    de: möglicherweise | vielleicht
    es: quizá | es posible
    pt: talvez | pode ser
    it: forse | potrebbe
    sv: kanske
    da: måske
    no: kanskje
    nl: misschien | mogelijk
    ru: возможно
    zh: 可能
""")

#: Words that make a guess of what follows them: a condition, or one reason of several.
IF = phrases("""
    may be | may have | could have | could be | _if_ | likely | possible reason | possible cause | common reason
    | common cause | make sure | ensure | check that | verify that
    fr: _si_
    de: _falls_ | _ob_ | _wenn_ | mögliche ursache | mögliche gründe
    es: _si_
    sv: _om_ | _ifall_ | tänkbar | möjlig
    da: _hvis_
    nl: indien
    fi: _jos_
""")

#: Words that make it a matter of today.
FOR_NOW = phrases("""
    temporar | for now | right now | at the moment | at this time | try again | later | to take delivery
    fr: temporair | pour le moment
    de: vorübergehend | momentan | zurzeit
    es: temporalmente | por el momento
    it: temporane
    sv: tillfällig | just nu
    nl: tijdelijk
    ru: временн
""")

#: Words for whoever sends, beside which a domain that is not there is theirs.
SENDERS = phrases("""
    sender | helo | ehlo | mail from | your domain | your host | your server | your ip | client | reverse
    | connecting | return domain | bounce domain | in from
    | expéditeur | remitente | mittente | avsändar | отправител
""")

#: Sentences that only a server says that knows its people; no code beside them makes a doubt of it.
CERTAIN = phrases("""
    user doesn't have | user does not have | you tried to reach does not exist | no mailbox here by that name
    | user unknown in | unknown in virtual | unknown in local | unknown in relay | recipnotfound
    | recipientnotfound | recipient not found by smtp address lookup | not listed in domino directory
    | not listed in public name | host does not accept mail | validrcptto | no such user!
    | addresses rejected : access denied | action aborted, mailbox not found | is unavailable: user not found
""")

#: What says it so plainly that it counts beside a status that says nothing of people.
PLAIN = phrases("""
    no such user | no such recipient | no such mailbox | no such address | unknown user | unknown recipient
    | unknown mailbox | user unknown | recipient unknown | mailbox unknown | user not found | recipient not found
    | mailbox not found | mail-box not found | no mailbox found | no mailbox here | nonexistent user
    | non-existent user | user does not exist | recipient does not exist | mailbox does not exist
    | address does not exist | account does not exist | user doesn't exist | recipient doesn't exist
    | mailbox doesn't exist | address doesn't exist | account doesn't exist | no longer exists
""")
