"""The words of refusals, by meaning, in the languages that servers speak.

All in lower case, with ``|`` between them, as `phrase` compares. Order counts: what blames us stands before what
blames the address, so that nobody is removed for our fault.
"""


def _words(text: str) -> tuple[str, ...]:
    """Return the phrases; a blank that counts, at the start or end of one, is written as ``_``."""
    return tuple(" ".join(each.split()).replace("_", " ") for each in text.split("|"))


#: Phrases that mean one thing wherever they stand.
TELLING: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "hostunknown",
        _words("account or domain may not exist"),
    ),
    (
        "userunknown",
        _words("recipient address rejected: access denied | invalid recipient / access denied"),
    ),
    (
        "mailererror",
        _words("procmail: | maildrop: | couldn't create | can't create | cannot create | pipe to"),
    ),
    (
        "filtered",
        _words("""
            recipient preferences | user rules | refuse to receive | refuses to receive | is protected by
            | not accepting messages from | recipient refused | inbox rule | blocked by the recipient
        """),
    ),
    (
        "reversedns",
        _words("""
            reverse dns | reverse hostname | reverse host name | reverse lookup | ptr record | no ptr | rdns
            | does not resolve to a fully qualified | cannot resolve your address | domain does not match ip
            | mismatches client ip | cannot find your hostname | cannot find your reverse | no dns pointer
            | ip name lookup failed | unresolvable ip | without ptr | valid ptr | your host name is not
            | forward and reverse | forward-confirmed | missing dns ptr | reverse path check | no rdns
        """),
    ),
    (
        "authentication",
        _words("""
            spf | dkim | dmarc | authentication check | sender id | unauthenticated email
            | authentication information | fails to pass authentication | email is unauthenticated
            | domain authentication | arc validation | not authenticated email | sender policy framework
        """),
    ),
    (
        "blocklist",
        _words("""
            blocked using | blacklist | black list | blocklist | block list | blackholed | spamhaus | spamcop
            | barracudacentral | dnsbl | listed in sbl | listed in xbl | currently listed | ip is listed
            | is listed in | address is listed | ip listed | listed at spam | sorbs | uceprotect | invaluement
            | abusix | black-list | block-list | liste noire | schwarzen liste | schwarze liste | lista negra
            | svartlist | черн | black hole | _rbl | rbl_
        """),
    ),
    (
        "reputation",
        _words("""
            reputation | user complaints | spam complaints | complaint rate | low sender score | senderscore
            | poor reputation | senderbase | too many complaints | unusual rate of unsolicited | bad sender
            | suspicious due to | history of spam
        """),
    ),
    (
        "virus",
        _words("""
            virus | malware | infected | trojan | worm_ | phishing | executable content | dangerous attachment
            | malicious
        """),
    ),
    (
        "spam",
        _words("""
            spam | junk mail | unsolicited | bulk mail | bulk email | uce, | (uce | _uce_ | considered bulk
            | looks like bulk | скрытая реклама | спам | 迷惑メール | 垃圾邮件 | 垃圾郵件 | _ube
        """),
    ),
    (
        "toofast",
        _words("""
            rate limit | too many messages | too many connections | too many concurrent | too many sessions
            | too many emails | too much mail | sending too | too fast | throttl | connection rate
            | message rate | rate exceeded | exceeded the rate | exceeds the rate | rate that
            | too many recipients this hour | daily limit | hourly limit | receiving mail at a rate
            | receiving email at a rate | receiving email too quickly | unusual volume | unexpected volume
            | traffic not accepted | concurrent connections | max number of connections | session limit
            | exceeded its max emails | quota of messages | sending limit | sending quota
            | excessive message rate | reached a limit | maximum number of messages | slow down
            | connections from your host | too many invalid
        """),
    ),
    (
        "greylisted",
        _words("""
            greylist | graylist | grey-list | gray-list | grey list
        """),
    ),
    (
        "mailboxfull",
        _words("""
            mailbox full | mailbox is full | mailbox was full | mailbox too full | over quota | overquota
            | over-quota | quota exceeded | exceeded quota | exceeds quota | quota exceed
            | over the allowed quota | exceeded storage | storage quota | storage allocation
            | exceeded its quota | exceeded the quota | exceeded his | exceeded their | exceed mailbox quota
            | exceed the quota | quotaexceeded | storefull | inbox is full | inbox full | full mailbox
            | mailfolder is full | folder is full | account is full | maildir is full | is full | out of storage
            | insufficient storage in the mailbox | mailbox space | mailbox size limit | mailbox exceeds
            | mailbox exceeded | not enough space in mailbox | mailbox has exceeded | exceeded the local limit
            | limit of disk quota | disk quota | disc quota | user quota | mail quota | maximum allowed mailbox
            | size of mailbox | mailbox limit | box is full | no space left in mailbox | quota limit
            | has exceeded the limit | would exceed | out of quota | quota is full | overdrawn
            | not enough storage space | no room in mailbox | mailbox over | boîte pleine | boite pleine
            | boîte aux lettres pleine | boite aux lettres pleine | messagerie pleine | est pleine
            | quota dépassé | quota depasse | dépassement de quota | quota atteint | postfach voll
            | postfach ist voll | voll ist | mailbox voll | mailbox ist voll | speicherplatz überschritten
            | kontingent überschritten | kontingent erschöpft | überfüllt | buzón lleno | buzon lleno
            | está llen | esta llen | cuota excedida | cuota superada | superado su cuota | excedido la cuota
            | excede la cuota | caixa cheia | caixa postal cheia | está cheia | esta cheia | cota excedida
            | quota excedida | caixa de correio cheia | excedeu a quota | excedeu a cota | casella piena
            | è piena | e' piena | quota superata | casella di posta piena | brevlådan är full
            | brevlåda är full | inkorgen är full | brevlådan full | är fullt | är full | kvoten överskriden
            | överskridit | utrymmet är slut | postkassen er full | postboksen er full | er fuld | er full
            | indbakken er | kvote overskredet | kvoten er | postbus vol | postvak vol | mailbox vol | is vol
            | zit vol | quotum overschreden | postilaatikko on täynnä | on täynnä | skrzynka jest pełna
            | skrzynka pełna | przepełnion | přeplněn | plná schránka | schránka je plná | megtelt
            | posta kutusu dolu | kotası dol | kutusu dolu | kota aş | ящик переполнен | переполнен | ящик полон
            | превышена квота | квота превышена | 一杯 | いっぱい | 容量を超え | 容量が超 | 満杯 | 容量超過
            | 已满 | 已滿 | 超出配额 | 空间不足 | 容量不足 | 空間不足 | 꽉 찼 | 용량 초과 | 용량을 초과 | 가득
        """),
    ),
    (
        "toobig",
        _words("""
            too large | too big | message size exceeds | size limit | exceeds maximum size
            | exceeds the maximum size | exceeds size | maximum message size | message length exceeds
            | exceeds fixed maximum | message is larger | larger than | exceeds the size | maximal size
            | message size is | exceeded maximum | sizelimit | trop volumineux | trop gros | zu groß | zu gross
            | demasiado grande | muito grande | troppo grande | för stort | för stor | te groot | слишком больш
            | 過大 | 太大
        """),
    ),
    (
        "suspended",
        _words("""
            disabled | suspended | inactive | not active | _locked | deactivated | account has been closed
            | on hold for abuse | frozen | account expired | mailbox expired | expired account | dormant
            | has been disabled | not been activated | not activated | no longer active
            | unavailable for this user | is currently suspended | invalid/inactive | /inactive | deaktiviert
            | gesperrt | désactivé | desactivé | désactivée | suspendu | desactivad | inactiv | suspendid
            | desativad | inativ | disattivat | sospes | inaktiv | spärrad | avstängd | geblokkeerd
            | uitgeschakeld | gedeactiveerd | заблокирован | отключен | неактив | 停止中 | 停用 | 冻结 | 禁用
            | 사용이 중지 | 휴면 | 利用停止 | 利用を停止
        """),
    ),
    (
        "rejected",
        _words("""
            sender rejected | sender address rejected | sender denied | sender refused | sender domain
            | sender verify failed | sender not allowed | sender unknown | sender address | sender verification
            | invalid sender | return path | return-path | mail from | envelope sender | envelope-sender
            | bad sender | backscatter | bounce messages not | purported responsible address
            | your domain is not allowed | domain of sender | sender's address | domain has been rejected
            | null sender | empty sender | sender was rejected | redundant. you
        """),
    ),
    (
        "relay",
        _words("""
            allowed rcpthosts | relay access denied | relaying denied | relay denied | relaying not | relay not
            | not permitted to relay | unable to relay | no relay | relay prohibited | cannot relay
            | can't relay | open relay | refused to relay | not relay | relay operation
            | smtp auth is required for relay
        """),
    ),
    (
        "notaccept",
        _words("""
            does not accept mail | doesn't accept mail | not accept any mail | does not accept email | null mx
            | nullmx | accepts no mail | no mail is accepted | never accepts
            | not accepting any mail for this domain | does not receive mail | domain does not accept
            | not receive any email | does not accept e-mail | doesn't accept e-mail | doesn't accept email
            | does not receive email | find a mail exchanger | send-only | send only | no mail exchanger
        """),
    ),
    (
        "hasmoved",
        _words("""
            has moved | no longer on server | user moved | recipient moved | moved to | new address
            | address has changed | changed address | account has been moved | has left the company
            | no longer with the company | no longer works | no longer employed | no longer at this
            | has been replaced by | a changé d'adresse | n'est plus chez | arbeitet nicht mehr | nicht mehr bei
            | ya no trabaja | har slutat
        """),
    ),
    (
        "hostunknown",
        _words("""
            host unknown | unknown host | no such host | host not found | domain not found | unknown domain
            | no such domain | domain unknown | illegal host | illegal domain | bad destination system
            | bad destination mailbox domain | unrouteable mail domain | unroutable mail domain
            | unrouteable domain | name or service not known | domain does not exist | domain doesn't exist
            | nxdomain | domain is not reachable | domain or server not found | domain name not found
            | account or domain may not exist | non-existent domain | nonexistent domain | non-existent host
            | no such hub | dns lookup failed | invalid domain | invalid host
            | all relevant mx records point to non-existent hosts | host name lookup failure
            | an mx or srv record indicated no smtp service | no mx or a record | no a or mx | has no valid mx
            | has no mx | no mx record | no valid hosts | domaine inconnu | domaine inexistant | hôte inconnu
            | domain existiert nicht | domain nicht gefunden | domäne nicht gefunden | domäne existiert nicht
            | unbekannte domain | unbekannter host | unbekannter rechner | dominio desconocido
            | dominio no existe | dominio inexistente | dominio no encontrado | domínio não existe
            | domínio inexistente | domínio não encontrado | domínio desconhecido | dominio sconosciuto
            | dominio non esiste | dominio non trovato | domänen finns inte | domänen hittades inte
            | okänd domän | domænet findes ikke | domenet finnes ikke | domein bestaat niet | onbekend domein
            | domein niet gevonden | domain nie istnieje | domena nie istnieje | doména neexistuje
            | домен не существует | домен не найден | неизвестный домен | ドメインが存在しません
            | ドメインが見つかりません | 域名不存在 | 网域不存在 | 도메인을 찾을 수 없 | 존재하지 않는 도메인
            | alan adı bulunamadı
        """),
    ),
)

#: Phrases that count where nothing says more: not even that somebody is not there.
VAGUE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "security",
        _words("""
            turn on smtp authentication | authentication required | must issue a starttls | starttls is required
            | tls required | requires tls | unauthenticated senders | encryption required | starttls failed
            | tls handshake | certificate | tls is required | authentication failed | not authorized
            | permission to send | you are not allowed | not allowed to send | access denied | not authorised
            | unauthorized
        """),
    ),
    (
        "policy",
        _words("""
            policy | policies | policy reasons | prohibited | not accepted from | client host rejected
            | connection refused by policy | blocked | banned | denied by | local policy | security policy
            | administrative prohibition | administratively | forbidden | refused by | not acceptable | go away
            | content rejected | message rejected | message refused | mail rejected | mail rejete | rejeté
            | message was rejected | mail refused | transaction failed | not welcome | blocked by
            | you are not permitted | permission denied | richtlinie | abgelehnt | política | politica
            | politique | beleid | avvisa | отклонено | отклонен | 拒否 | 拒绝 | 拒收
        """),
    ),
    (
        "content",
        _words("""
            header | rfc 5322 | rfc 2822 | rfc5322 | rfc2822 | rfc 822 | attachment | invalid content | bare lf
            | bare linefeed | line too long | line length | malformed message | 8bit | bad character
            | not rfc compliant | multiple from | missing date | missing message-id | subject | contains invalid
            | mime error | message content | content-type
        """),
    ),
    (
        "expired",
        _words("""
            timed out | time out | timeout | delivery time expired | message expired | too long in queue
            | in the queue too long | retry time | retry timeout | expired | could not be delivered for
            | unable to deliver in | still trying | delayed | will be retried | keep trying | try again later
            | temporarily | temporary | deferred | has been in the queue | in queue for too long
            | not yet been delivered | delivery is delayed | did not accept our requests to connect
            | could not send message for | cannot send message for | will continue to | no response
            | not responding | resources temporarily unavailable | en attente | tijdelijk | vorübergehend
            | temporairement | temporalmente | temporariamente | temporaneamente | tillfälligt | fördröj
            | временно | しばらく | 一時的 | 暂时 | 稍后再试 | 暫時 | 일시적 | verzögert
        """),
    ),
    (
        "networkerror",
        _words("""
            connection refused | connection reset | connection lost | lost connection | connection was dropped
            | connection dropped | no route to host | network is unreachable | host is unreachable
            | host unreachable | unreachable | couldn't connect | could not connect | cannot connect
            | can't connect | unable to connect | unable to establish | wasn't able to establish | hop count
            | routing loop | mail loop | loops back | mail loops | loop detected | too many hops | delivery loop
            | mail forwarding loop | host not reachable | dns error | dns failure | dns problem
            | name service error | name server | nameserver | server did not respond | server refused
            | service not available | closing transmission | error while talking | couldn't find any host
            | couldn't find a host | failed to connect | socket error | no answer | network error | bad gateway
            | cname lookup
        """),
    ),
    (
        "systemfull",
        _words("""
            insufficient disk | insufficient system | disk full | no space left | not enough disk
            | out of memory | system storage | file system full | filesystem full | low on disk
        """),
    ),
    (
        "mailererror",
        _words("""
            command failed | command died | exit status | exit code | returned status | pipe to | child process
            | mailer error | local delivery failed | procmail | mail filter | broken pipe | can't create output
            | service configuration error | x-unix;_
        """),
    ),
    (
        "systemerror",
        _words("""
            internal error | system error | internal server error | configuration error | config error
            | misconfigur | server error | local error | software error | out of order
            | service currently unavailable | internal system | unable to create | i/o error | internal software
            | bad configuration | loop alert | lookup failure | database error | ldap | local problem
            | local configuration | interner fehler | erreur interne | error interno | errore interno
        """),
    ),
    (
        "onhold",
        _words("""
            on hold
        """),
    ),
    (
        "syntax",
        _words("""
            syntax error | sequence of commands | bad sequence | command not implemented
            | command not recognized | unrecognized command | unrecognised command | command unrecognized
            | command out of sequence | protocol error
        """),
    ),
    (
        "rejected",
        _words("rejected | refused | not accepted | denied | service refus | not allowed | protocol violation"),
    ),
)

#: "Is not there", with something that is not there beside it.
ABSENT = _words("""
    unknown | not found | notfound | no such | not exist | n't exist | nonexist | non-exist | non exist
    | invalid | not known | not recognize | not recognise | n't recognize | unrecogni | not listed | not a valid
    | not valid | n't valid | n't a valid | isn't valid | no mailbox | no account | no longer | n't have
    | not have | could not be found | couldn't be found | cannot be found | can't be found | cannot find
    | can't find | couldn't find | could not find | unable to find | bad_ | illegal | not registered
    | unrouteable | unroutable | undeliverable | not in_ | not our_ | not a local | not local | n't here
    | not here | no one | nobody | unavailable | not available | not present | has no_ | without a | no valid
    | n't found | doesn't live | not handled | not hosted | does not have | deleted | removed | terminated
    | discontinued | cancelled | canceled | closed | incorrect | wrong | not match | mistyped | not defined
    | not a known | ambiguous | obsolete | retired | failed to find | no local | not matched | unresolvable
    | not deliverable | non-local | inconnu | inexistant | n'existe pas | n'existe plus | introuvable | invalide
    | n'a pas été trouv | non trouv | unbekannt | nicht gefunden | existiert nicht | nicht vorhanden
    | nicht bekannt | ungültig | konnte nicht gefunden | nicht existier | kein benutzer | gibt es nicht
    | kein postfach | desconocid | no existe | no encontrad | no se encontr | no se ha encontrado | no válid
    | inexistente | incorrecta | não existe | nao existe | não encontrad | nao encontrad | não foi encontrad
    | desconhecid | inválid | sconosciut | non esiste | non trovat | non valid | non è stato trovato
    | non esistente | inesistente | okänd | finns inte | hittades inte | hittas inte | existerar inte | ogiltig
    | kunde inte hittas | inte kunde hittas | ikke fundet | ikke funnet | niet kan worden gevonden | ukendt
    | findes ikke | ukjent | finnes ikke | eksisterer ikke | ugyldig | kunne ikke findes | kunne ikke finnes
    | onbekend | bestaat niet | niet gevonden | ongeldig | niet bekend | kon niet worden gevonden | tuntematon
    | ei löydy | ei löytynyt | ei ole olemassa | virheellinen | nieznany | nie istnieje | nie znaleziono
    | nie ma takiego | niepoprawny | neexistuje | neznám | nenalezen | ismeretlen | nem létezik | nem található
    | bulunamad | mevcut değil | geçersiz | bilinmeyen | necunoscut | nu există | nu exista | άγνωστ
    | δεν υπάρχει | не существует | не найден | неизвестн | неверн | нет такого | не зарегистрирован
    | недействител | не знайден | не існує | невідом | 存在しま | 存在しない | 見つかり | 見つから | 不明
    | 宛先不明 | 不存在 | 找不到 | 无效 | 無效 | 未找到 | 查無 | 존재하지 않 | 찾을 수 없 | 없는
""")

#: Words for somebody, or for where mail to somebody goes.
PEOPLE = _words("""
    user | mailbox | recipient | recip | address | account | alias | addressee | person | member | customer
    | local part | local-part | subscriber | inbox | mail box | userid | login | maildrop | rcpt | name | people
    | mail drop | destinat | utilisateur | adresse | compte | boîte | boite | usager | destinataire | empfänger
    | benutzer | postfach | konto | adressat | teilnehmer | usuario | dirección | direccion | destinatario
    | cuenta | buzón | buzon | usuário | endereço | endereco | destinatário | conta | caixa postal
    | caixa de correio | utente | indirizzo | casella | mottagare | adress | användare | brevlåda | kontot
    | modtager | bruger | postkasse | mottaker | bruker | ontvanger | gebruiker | postbus | postvak
    | vastaanottaja | osoite | käyttäjä | postilaatikko | odbiorc | użytkownik | skrzynk | konta | adres
    | příjemce | uživatel | schránka | címzett | felhasználó | alıcı | kullanıcı | posta kutusu | destinatar
    | χρήστη | παραλήπτη | получател | пользовател | адрес | ящик | учетн | одержувач | користувач | 宛先
    | ユーザ | メールアドレス | アドレス | メールボックス | 受信者 | 收件人 | 用户 | 用戶 | 邮箱 | 郵箱 | 地址
    | 帐号 | 账户 | 帳號 | 사용자 | 수신자 | 계정 | 주소 | 메일
""")

#: Words for where somebody's mail lives.
DOMAINS = _words("""
    domain | host | dns | mx record | mail exchanger | server name | domaine | dominio | domínio | domän
    | domein | домен | ドメイン | 域名 | 도메인 | hôte | rechner
""")

#: Words that turn the sentence: then it is about who sent, or about a part of the message.
OURS = _words("""
    sender | from: | mail from | header | command | attachment | absender | expéditeur | remitente | mittente
    | avsändar | отправител | 發件人 | 发件人 | reply-to | certificate | your host | your ip | client host
    | helo | message-id | password | charset | character | reason unknown | unknown reason | unknown error
    | error unknown | relay
""")

#: Of those, the ones that say of a domain only that it does not work now.
PEOPLE_ONLY = frozenset(
    ("unavailable", "not available", "closed", "removed", "deleted", "incorrect", "wrong", "not present")
)

#: Words that make a guess of it.
PERHAPS = _words("""
    may not | might | perhaps | possibly | il se peut | peut-être | möglicherweise | vielleicht | quizá
    | es posible | talvez | pode ser | forse | potrebbe | kanske | måske | kanskje | misschien | mogelijk
    | возможно | 可能
""")

#: Sentences that only a server says that knows its people; no code beside them makes a doubt of it.
CERTAIN = _words("""
    user doesn't have | user does not have | you tried to reach does not exist | no mailbox here by that name
    | user unknown in | unknown in virtual | unknown in local | unknown in relay | recipnotfound
    | recipientnotfound | recipient not found by smtp address lookup | not listed in domino directory
    | not listed in public name | host does not accept mail
""")
