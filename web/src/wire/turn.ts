// Frames that do not come in their turn.

import { fromBinary } from "@bufbuild/protobuf";
import { RelayCloseSchema } from "./deskhand_pb";
import { type Frame, frameType } from "./frame";
import { LinkError, parseReason } from "./reason";

const known = new Set<number>(Object.values(frameType));

/** Judges a frame that is not the one waited for: the relay's last word, out of turn, or to be skipped (undefined). */
export function closed(frame: Frame): LinkError | undefined {
  if (frame.type === frameType.relayClose) {
    return new LinkError(parseReason(decode(RelayCloseSchema, frame).reason), "the relay ended the connection");
  }
  if (known.has(frame.type)) return new LinkError("protocol", `frame ${frame.type} out of turn`);
  return undefined;
}

/** Reads a frame's message. Throws a LinkError. */
export function decode<Desc extends Parameters<typeof fromBinary>[0]>(
  schema: Desc,
  frame: Frame,
): ReturnType<typeof fromBinary<Desc>> {
  try {
    return fromBinary(schema, frame.payload);
  } catch (cause) {
    throw new LinkError("protocol", `frame ${frame.type} is not what it should be`, { cause });
  }
}
