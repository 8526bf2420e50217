// The other side of a connection: relay and client in one, over a socket of the test.

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { channel } from "../../wire/channel";
import { type Bytes, generateKeyPair, hkdf, labelled, sha256 } from "../../wire/crypto";
import {
  ClientKeySchema,
  ControlSchema,
  RelayCloseSchema,
  RelayHelloSchema,
  RevealSchema,
} from "../../wire/deskhand_pb";
import { encodeFrame, frameType } from "../../wire/frame";
import { Direction } from "../../wire/seal";
import { TestSocket } from "../../wire/wiretest/socket";

type Word = NonNullable<MessageInitShape<typeof ControlSchema>["message"]>;

export class TestClient {
  readonly socket = new TestSocket();
  ticket = "";
  private sealer!: Direction;
  private opener!: Direction;

  /** Opens the socket and goes through the key exchange. commitment: what the viewer gave the server. */
  async meet(commitment: string, sign?: CryptoKey): Promise<void> {
    const { socket } = this;
    socket.open();
    this.ticket = fromBinary(RelayHelloSchema, (await socket.next()).payload).ticket;
    const pair = await generateKeyPair();
    const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const committed = new Uint8Array(Buffer.from(commitment, "base64url"));
    const signed = labelled("deskhand client key v1", committed, publicKey, nonce);
    const signature = sign ? new Uint8Array(await crypto.subtle.sign("Ed25519", sign, signed)) : new Uint8Array();
    const key = toBinary(ClientKeySchema, create(ClientKeySchema, { publicKey, nonce, signature }));
    socket.arrive(encodeFrame(frameType.relayReady), encodeFrame(frameType.clientKey, key));
    const reveal = fromBinary(RevealSchema, (await socket.next()).payload);
    const other = new Uint8Array(reveal.publicKey);
    const theirs = await crypto.subtle.importKey("raw", other, { name: "X25519" }, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, pair.privateKey, 256);
    const transcript = labelled("deskhand session v1", committed, publicKey, nonce, other, reveal.nonce);
    const expand = await hkdf(new Uint8Array(shared), await sha256(transcript));
    const direction = async (name: string, use: "encrypt" | "decrypt") =>
      Direction.create({ key: await expand(`${name} key`, 32), iv: await expand(`${name} iv`, 12) }, use);
    this.sealer = await direction("client to viewer", "encrypt");
    this.opener = await direction("viewer to client", "decrypt");
  }

  async say(word: Word): Promise<void> {
    await this.send(channel.control, toBinary(ControlSchema, create(ControlSchema, { message: word })) as Bytes);
  }

  async send(on: number, data: Bytes): Promise<void> {
    this.socket.arrive(await this.sealer.seal({ channel: on, last: true, data }));
  }

  /** The next message of the viewer. Its messages are short: each is one part. */
  async hear(): Promise<{ channel: number; data: Bytes }> {
    return this.opener.open((await this.socket.next()).payload);
  }

  /** Waits for the viewer's next word of a kind. */
  async word<K extends NonNullable<Word["case"]>>(kind: K) {
    for (;;) {
      const heard = await this.hear();
      if (heard.channel !== channel.control) continue;
      const { message } = fromBinary(ControlSchema, heard.data);
      if (message.case === kind) return message;
    }
  }

  /** The relay ends it. */
  relayCloses(reason: string): void {
    const close = toBinary(RelayCloseSchema, create(RelayCloseSchema, { reason }));
    this.socket.arrive(encodeFrame(frameType.relayClose, close));
  }
}
