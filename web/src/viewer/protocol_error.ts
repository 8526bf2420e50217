import { LinkError } from "../wire/reason";

/** A message of the other side breaks the protocol. The viewer ends with the reason "protocol". */
export class ProtocolError extends LinkError {
  override name = "ProtocolError";

  constructor(message: string, options?: ErrorOptions) {
    super("protocol", message, options);
  }
}
