"""What may be wrong, in the phrases that servers say it with. Data for `phrase`, which says how they are compared.

Order counts: what blames us stands before what blames the address, so that nobody is removed for our fault.
"""

from newsletter.wording import named

#: Phrases that mean one thing wherever they stand.
TELLING = named("""
    [networkerror]
    host not found, try again | servfail | temporary dns | dns records for | dane validation | tlsa-invalid
    | dnssec-invalid | host name lookup failure | unable to get mx info
    [rejected]
    verification failed for | verification failed while | sender verify failed | invalid dns mx | dns operator for
    [hostunknown]
    account or domain may not exist
    [systemerror]
    internal server error | internal error | there is no mdb
    [content]
    rfc 5322 compliant | rfc 2822 compliant | rfc 5322 section | rfc compliant | from: header, are not
    | from: header are not | missing a valid message-id | message is malformed | messages without to
    | without from:_
    [security]
    over a tls connection | to use tls | requires encryption | password not accepted | authentication data
    | not authenticated to send
    [spam]
    nature of the content
    [userunknown]
    recipient address rejected: access denied | recipient addresses rejected : access denied
    | invalid recipient / access denied | recent history of bouncing as an invalid | badrcptto | badrecipientto
    | bad-recipient | illegal characters in user name | unrecognised-or-name | unrecognized-or-name | (@) not used
    | no users here | not known at this | list of allowed recipients | handle mail for that user
    sv: adressen har upphört | adressen upphört
    [mailererror]
    procmail: | maildrop: | couldn't create | can't create | cannot create | pipe to | no such file
    | unknown mailer error
    [filtered]
    recipient preferences | user rules | refuse to receive | refuses to receive | refused to receive
    | not pre-approved | members-only | members only | non-member | not subscribed to this | closed mailing list
    | only accepting mail from | accepting mail with | is protected by | not accepting messages from
    | recipient refuses | recipient refused | inbox rule | blocked by the recipient | recipient's rule
    | delivery restriction | allowed-senders | allowed senders list | chosen not to receive
    | does not want to receive | blocked you | restricted recipient | recipient restricted
    | not accepting email from | only accepts mail from | only accepts email from | only accepts messages from
    | known senders | not authenticated by organization
    [reversedns]
    reverse dns | reverse hostname | reverse host name | reverse lookup | ptr record | no ptr | rdns
    | does not resolve to a fully qualified | cannot resolve your address | domain does not match ip
    | mismatches client ip | cannot find your hostname | cannot find your reverse | no dns pointer
    | ip name lookup failed | unresolvable ip | without ptr | valid ptr | your host name is not
    | forward and reverse | forward-confirmed | relay host name | reverse path check | dns ptr | ptr resource
    | (ptr) record | dns check failure
    [authentication]
    spf | dkim | dmarc | authentication check | sender id | unauthenticated email | authentication information
    | fails to pass authentication | email is unauthenticated | domain authentication | arc validation
    | not authenticated email | sender policy framework | domainkeys
    [blocklist]
    blocked using | blacklist | black list | blocklist | block list | blackholed | spamhaus | spamcop
    | barracudacentral | dnsbl | listed in sbl | listed in xbl | currently listed | ip is listed | is listed in
    | is listed at | address is listed | ip listed | listed at spam | sorbs | uceprotect | banned sending ip
    | banned sender | invaluement | abusix | black-list | block-list | black hole | _rbl | rbl_
    de: schwarzen liste | schwarze liste
    fr: liste noire
    es: lista negra
    sv: svartlist
    ru: черн
    zh: 黑名单
    [reputation]
    reputation | user complaints | spam complaints | complaint rate | low sender score | senderscore | senderbase
    | too many complaints | unusual rate of unsolicited | bad sender | suspicious due to | refused due to abuse
    | history of spam | traffic not accepted from | sending suspended | unusual sending activity | sending paused
    | permanently deferred | this ip has been | your ip has been
    [virus]
    virus | malware | infected | trojan | worm_ | phishing | executable content | dangerous attachment | malicious
    [spam]
    spam | junk mail | unsolicited | bulk mail | bulk email | uce, | (uce | _uce_ | considered bulk
    | looks like bulk | unwanted | _ube | uribl | surbl | content filter | mass mailer
    fr: courrier indésirable
    sv: skräppost
    ru: скрытая реклама | спам
    ja: 迷惑メール
    zh: 垃圾邮件 | 垃圾郵件
    ko: 스팸
    [mailboxfull]
    messages on the server | messages in the mailbox | messages in mailbox
    [toofast]
    rate limit | too many messages | too many connections | too many concurrent | too many sessions
    | too many emails | sending too | too fast | throttl | connection rate | message rate | rate exceeded
    | exceeded the rate | exceeds the rate | rate that | too many recipients | daily limit | hourly limit
    | receiving mail at a rate | receiving email at a rate | receiving email too quickly | unusual volume
    | receiving mail too quickly | thread limit | receive limit | receive per hour | excessive volume
    | unexpected volume | traffic not accepted | concurrent connections | max number of connections | session limit
    | exceeded its max emails | quota of messages | sending limit | sending quota | message quota | reached a limit
    | maximum number of messages | slow down | connections from your host | frequency limit | too many invalid
    | too many unknown | emails per hour | relay limit exceeded | recipient limit exceeded | mail limit exceeded
    | credits exceeded | rejection- quota
    [greylisted]
    greylist | graylist | grey-list | gray-list | grey list
    [mailboxfull]
    mailbox full | mailbox was full | mailbox too full | over quota | overquota | over-quota | exceeded quota
    | exceeds quota | quota exceed | over the allowed quota | exceeded storage | storage quota | storage allocation
    | storage limit | exceeded its quota | exceeded the quota | exceeded his | exceeded their
    | exceed mailbox quota | exceed the quota | quotaexceeded | storefull | inbox full | full mailbox | is full
    | out of storage | insufficient storage in the mailbox | mailbox space | mailbox size limit | mailbox exceeds
    | mailbox exceeded | mailbox has exceeded | exceeded the local limit | disk quota | disc quota | user quota
    | mail quota | maximum allowed mailbox | space not enough | size of mailbox | mailbox limit
    | no space left in mailbox | quota limit | has exceeded the limit | would exceed | out of quota | overdrawn
    | not enough storage space | enough space | no room in mailbox | mailbox over | mailbox allowance
    | storage full | space has been used up | mail file size exceeds | exceeding receiving
    | error writing message: file too large
    fr: boîte pleine | boite pleine | est pleine | destinataire pleine | messagerie pleine | quota dépassé
    | quota depasse | dépassement de quota | quota atteint
    de: zuviele mails | zu viele mails | zu viele nachrichten | postfach voll | voll ist | ist voll | überfüllt
    | quota voll | speicherplatz überschritten | kontingent überschritten | kontingent erschöpft
    es: buzón lleno | buzon lleno | está llen | esta llen | cuota excedida | cuota superada | superado su cuota
    | superado su límite | excedido la cuota | excede la cuota
    pt: caixa cheia | caixa postal cheia | está cheia | esta cheia | cota excedida | quota excedida
    | caixa de correio cheia | excedeu a quota | excedeu a cota
    it: casella piena | è piena | e' piena | quota superata | casella di posta piena
    sv: brevlådan full | brevlåda full | inkorgen full | är full | kvoten överskriden | överskridit
    | utrymmet är slut
    da: postkassen er full | postkassen er fuld | postkasse er fuld | postboksen er full | indbakken er
    | kvote overskredet | kvoten er
    no: postboks er full | innboksen er full | postkasse er full
    nl: postbus vol | postvak vol | mailbox vol | postvak is vol | mailbox is vol | postbus is vol | zit vol
    | quotum overschreden
    fi: on täynnä
    et: on täis
    lt: perpildyt
    lv: ir pilna
    pl: skrzynka pełna | jest pełna | przepełnion
    cs: přeplněn | plná schránka | je plná
    ro: este plină | este plina
    el: είναι πλήρ | είναι γεμάτ
    hu: megtelt
    tr: kotası dol | kutusu dolu | kota aş
    uk: переповнен
    he: מלאה
    ru: переполнен | ящик полон | превышена квота | квота превышена
    ja: 一杯 | いっぱい | 容量を超え | 容量が超 | 満杯 | 容量超過
    zh: 已满 | 已滿 | 超出配额 | 空间不足 | 容量不足 | 空間不足
    ko: 꽉 찼 | 용량 초과 | 용량을 초과 | 가득
    [toobig]
    too large | too big | message size exceeds | size limit | exceeds maximum size | exceeds the maximum size
    | exceeds size | maximum message size | message length exceeds | exceeds fixed maximum | message is larger
    | larger than | exceeds the size | maximal size | email size exceeded | maximum email size | message size is
    | message size exceeded | exceeded maximum | sizelimit
    fr: trop volumineux | trop gros
    de: zu groß | zu gross
    es: demasiado grande
    pt: muito grande
    it: troppo grande
    sv: för stor
    nl: te groot
    ru: слишком больш
    ja: 過大
    zh: 太大
    [suspended]
    disabled | suspended | inactiv | not active | _locked | deactivated | account has been closed
    | on hold for abuse | frozen | account expired | mailbox expired | expired account | dormant
    | not been activated | not activated | no longer active | unavailable for this user | account blocked
    | account is blocked | mailbox is blocked | mailbox blocked | user is blocked | allowed to receive mail
    | unavailable or access denied | mailbox access denied | terminated | discontinued | archived
    | mailbox is closed | mailbox closed | account is closed | account closed | banned recipient
    | not currently being accepted for | no longer accepts mail | suspend the service | no longer accepts email
    de: deaktiviert | gesperrt
    fr: désactivé | suspendu | archivé | archivee | destinataire est bloqué | destinataire est bloque
    es: desactivad | suspendid | bloquead | falta de uso
    pt: desativad | inativ
    it: disattivat | sospes | bloccat
    sv: kontot har stängts | kontot är stängt | avslutat sitt konto | konto är avslutat | kontot är avslutat
    sv: inaktiv | spärrad | spärrat | avstängd | avstängt
    nl: geblokkeerd | uitgeschakeld | gedeactiveerd
    pl: zablokowan
    ru: заблокирован | отключен | неактив
    ja: 停止中 | 利用停止 | 利用を停止
    zh: 停用 | 冻结 | 禁用
    ko: 사용이 중지 | 휴면
    [rejected]
    sender rejected | sender denied | sender refused | sender domain | sender does not | sender verif
    | verify sender | sender not allowed | sender unknown | sender address | sender is | invalid sender
    | return path | return-path | mail from rejected | mail from denied | mail from refused | mail from is
    | envelope sender | envelope-sender | backscatter | bounce messages not | purported responsible address
    | unknown sender | your domain is not allowed | domain of sender | sender's | domain has been rejected
    | not accept mail from | not accept email from | not accept e-mail from | not accept messages from
    | not accept any mail from | not accepting mail from | accepts no mail from | not receive mail from
    | null sender | empty sender | sender was rejected | redundant. you | batv | dead domain | mail suspension
    | accepting mail from your | unresolvable (.) from | unresolvable from | bounce attack | outbound sender
    | invalid domain, see | invalid ip | emetteur | émetteur
    [relay]
    allowed rcpthosts | relay access denied | relay denied | relaying | relay not | not permitted to relay
    | unable to relay | no relay | relay prohibited | can't relay | open relay | refused to relay | not relay
    | relay operation | to be relayed | smtp auth is required for relay | configured to relay | not local host
    | credentials for relay | as a relay | insecure mail relay | smtp server of your isp | not a gateway
    | requires authentication when attempting
    [notaccept]
    does not accept mail | doesn't accept mail | not accept any mail | does not accept email | null mx
    | not used for mail | nullmx | accepts no mail | no mail is accepted | never accepts
    | not accepting any mail for this domain | does not receive mail | domain does not accept
    | not receive any email | does not accept e-mail | doesn't accept e-mail | doesn't accept email
    | does not receive email | find a mail exchanger | send-only | send only | no mail exchanger
    [hasmoved]
    user has moved | user moved | recipient has moved | recipient moved | mailbox has moved | mailbox moved
    | account has moved | account has been moved | address has moved | has moved to | mailbox was moved
    | no longer on server | address has changed | changed address | new address is | new e-mail address
    | new email address | has left the company | no longer with the company | no longer works here
    | no longer works for | no longer works at | no longer employed | no longer at this | address has been replaced
    fr: a changé d'adresse | n'est plus chez
    de: arbeitet nicht mehr | nicht mehr bei
    es: ya no trabaja
    sv: har slutat
    [hostunknown]
    host unknown | unknown host | no such host | host not found | domain not found | unknown domain
    | no such domain | domain unknown | illegal host | illegal domain | bad destination system
    | bad destination mailbox domain | unrouteable mail domain | unroutable mail domain | unrouteable domain
    | name or service not known | domain does not exist | domain doesn't exist | nxdomain | domain is not reachable
    | domain or server not found | domain name not found | account or domain may not exist | non-existent domain
    | nonexistent domain | non-existent host | no such hub | dns lookup failed | invalid domain | invalid host
    | all relevant mx records point to non-existent hosts | an mx or srv record indicated no smtp service
    | no mx or a record | no a or mx | has no valid mx | has no mx | no mx record | no valid hosts
    fr: domaine inconnu | domaine inexistant | hôte inconnu
    de: domain existiert nicht | domain nicht gefunden | domäne nicht gefunden | unbekannte domain
    | domäne existiert nicht | unbekannter host | unbekannter rechner
    es: dominio desconocido | dominio no existe | dominio inexistente | dominio no encontrado
    pt: domínio não existe | domínio inexistente | domínio não encontrado | domínio desconhecido
    it: dominio sconosciuto | dominio non esiste | dominio non trovato
    sv: domänen finns inte | domänen hittades inte | okänd domän
    da: domænet findes ikke | domenet finnes ikke
    nl: domein bestaat niet | onbekend domein | domein niet gevonden
    pl: domain nie istnieje | domena nie istnieje
    cs: doména neexistuje
    ru: домен не существует | домен не найден | неизвестный домен
    ja: ドメインが存在しません | ドメインが見つかりません
    zh: 域名不存在 | 网域不存在
    ko: 도메인을 찾을 수 없 | 존재하지 않는 도메인
    tr: alan adı bulunamadı
""")
