package main

const usage = `RemoteSupport lets a support agent help you on this computer.

  RemoteSupport                       asks for the connection ID that your agent tells you
  RemoteSupport /relayurl HOST [/relayport PORT] [/id 123456]
                                      the same at a given server
  RemoteSupport /createcomputer /username NAME /relayurl HOST [/relayport PORT]
                                      makes this computer reachable for that agent at any time; the password is read from
                                      standard input, from /passwordfile FILE or from /password TEXT. An agent with a second
                                      factor adds /code 123456, or is asked for it; a recovery code will do, too. A service
                                      keeps it so: of the whole computer as root, else of this user; /noservice does without.
                                      A computer that is set up already is replaced after asking, or with /replace
  RemoteSupport /createcomputer /token TOKEN /relayurl HOST [/relayport PORT]
                                      the same without a password: an API token with the scope computers:enrol, or the code
                                      at the end of a link that adds a computer
  RemoteSupport removecomputer        takes all that away again, here and at the server
  RemoteSupport service install|uninstall|start|stop|status [/user]
                                      the service by itself
  RemoteSupport unattended            what the service runs: keeps this computer reachable while it runs, as any user
  RemoteSupport version | help

Further: /user           the service of this user only, not of the whole computer: with service and /createcomputer
         /noservice      /createcomputer installs no service; RemoteSupport unattended keeps the computer in reach then
         /state DIR      where the enrolment is kept (default: the system's own place)
         /fingerprint F  accept only the server whose certificate has this SHA-256, for servers with a self-signed one
         /log FILE       write what happens to a file

Switches may begin with /, - or --, in any case. A URL is accepted for HOST.
Proxies are taken from HTTPS_PROXY and NO_PROXY.

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 refused by the server, 4 the server cannot be reached,
5 administrator rights are needed.
`
