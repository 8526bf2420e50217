// A mail server that takes everything and keeps it: as much SMTP as one sender without encryption needs.
import net from 'node:net';

export class MailServer {
  /** The mails as they came, headers and all. */
  readonly mails: string[] = [];
  private constructor(private readonly server: net.Server) {}

  static async start(): Promise<MailServer> {
    const server = net.createServer();
    const m = new MailServer(server);
    server.on('connection', (socket) => m.talk(socket));
    await new Promise<void>((ready) => { server.listen(0, '127.0.0.1', ready); });
    return m;
  }

  /** Flags of "deskhand serve" that lead here. */
  get flags(): string[] {
    const { port } = this.server.address() as net.AddressInfo;
    return ['--smtp-host', '127.0.0.1', '--smtp-port', String(port), '--smtp-tls', 'off', '--smtp-from', 'desk@example.com'];
  }

  private talk(socket: net.Socket): void {
    let text = '';
    let data = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 ready');
    socket.on('error', () => {});
    socket.on('data', (part) => {
      text += part;
      for (let end = text.indexOf(data ? '\r\n.\r\n' : '\r\n'); end >= 0; end = text.indexOf(data ? '\r\n.\r\n' : '\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + (data ? 5 : 2));
        if (data) {
          this.mails.push(line);
          data = false;
          say('250 kept');
        } else if (/^DATA/i.test(line)) {
          data = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 well');
      }
    });
  }

  stop(): void { this.server.close(); }
}
