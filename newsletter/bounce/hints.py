"""What may be wrong, in phrases that are only a hint. Data for `phrase`, which asks here last."""

from newsletter.wording import named

#: Phrases that count where nothing says more: not even that somebody is not there.
VAGUE = named("""
    [mailboxfull]
    quota | storage space | kvot | kontingent | speicherplatz | espace de stockage | квот | 配额
    [security]
    turn on smtp authentication | credentials invalid | authentication failure | authentication required
    | must issue a starttls | tls required | requires tls | unauthenticated senders | encryption required
    | starttls failed | tls handshake | certificate | tls is required | authentication failed | not authorized
    | permission to send | you are not allowed | not allowed to send | access denied | not authorised
    | unauthorized
    sv: behörighet att skicka
    [policy]
    policy | policies | invalid helo | bad helo | prohibited | not accepted from | client host rejected | blocked
    | banned | denied by | administrative prohibition | administratively | forbidden | refused by | not acceptable
    | go away | content reject | message rejected | message refused | mail rejected | mail rejete
    | message was rejected | mail refused | transaction failed | not welcome | you are not permitted
    | permission denied | requires confirmation | confirm that you | not in whitelist | not in our whitelist
    | not in our allowlist | not whitelisted
    fr: rejeté | politique
    de: richtlinie | abgelehnt
    es: política | politica
    nl: beleid
    sv: avvisa
    ru: отклонен
    ja: 拒否
    zh: 拒绝 | 拒收
    [content]
    invalid header | bad header | malformed header | header error | header line | header syntax | header is
    | headers are | in header | missing header | from header | duplicate header | header too | rfc 5322 | rfc 2822
    | rfc5322 | rfc2822 | rfc 822 | attachment | invalid content | bare lf | bare linefeed | line too long
    | line length | malformed message | 8bit | bad character | multiple from | missing date | missing message-id
    | subject line | contains invalid | mime error | html tag | stray cr | required standards | message content
    | content-type_
    [expired]
    timed out | time out | timeout | failing for a long time | too long in queue | in the queue too long
    | retry time | expired | could not be delivered for | unable to deliver in | still trying | delayed
    | will be retried | keep trying | try again later | temporarily | temporary | deferred | has been in the queue
    | in queue for too long | not yet been delivered | did not accept our requests to connect
    | could not send message for | cannot send message for | will continue to | no response | not responding
    fr: en attente | temporairement
    de: vorübergehend | verzögert
    es: temporalmente
    pt: temporariamente
    it: temporaneamente
    sv: tillfälligt | fördröj | försena
    da: forsinket
    fi: viivästy
    nl: tijdelijk
    ru: временно
    ja: しばらく | 一時的
    zh: 暂时 | 稍后再试 | 暫時
    ko: 일시적
    [networkerror]
    connection refused | connection reset | connection lost | lost connection | connection was dropped
    | connection dropped | no route to host | unreachable | couldn't connect | could not connect | cannot connect
    | can't connect | unable to connect | unable to establish | wasn't able to establish | hop count | routing loop
    | mail loop | loops back | loop detected | loop broken | too many hops | delivery loop | mail forwarding loop
    | host not reachable | dns error | dns failure | dns problem | looping | name service error | name server
    | nameserver | server did not respond | server refused | service not available | closing transmission
    | error while talking | couldn't find any host | couldn't find a host | failed to connect | socket error
    | no answer | network error | bad gateway | cname lookup | for this domain could be reached
    [systemfull]
    insufficient disk | insufficient system | disk full | no space left | not enough disk | out of memory
    | system storage | file system full | filesystem full | low on disk
    [mailererror]
    command failed | command died | exit status | exit code | returned status | child process | mailer error
    | local delivery failed | procmail | mail filter | broken pipe | service configuration error | x-unix;_
    [systemerror]
    system error | configuration error | config error | misconfigur | server error | local error | software error
    | out of order | service currently unavailable | internal system | unable to create | i/o error
    | internal software | bad configuration | loop alert | lookup failure | database error | ldap | local problem
    | local configuration | upstream error | input/output error | busy | interrupted system call
    | queue file write error | error while being processed
    de: interner fehler
    fr: erreur interne
    es: error interno
    it: errore interno
    [onhold]
    on hold
    [syntax]
    syntax error | sequence of commands | bad sequence | command not implemented | command not recognized
    | unrecognized command | unrecognised command | command unrecognized | command out of sequence | protocol error
    [filtered]
    recipient address rejected | recipient rejected | rejected recipient | recipient is not accepted
    | recipient not accepted | recipient has been denied | recipient denied | not ok | is restricted | user reject
    | not accepting any
    [rejected]
    rejected | refused | not accepted | denied | service refus | not allowed | protocol violation
""")
