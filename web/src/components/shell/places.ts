import { type Icon, IconDeviceDesktop, IconListDetails, IconScreenShare } from "@tabler/icons-react";

/** The pages at the left, and the key that leads to each after "g". */
export const places = [
  { to: "/sessions", key: "nav.sessions", Icon: IconScreenShare, letter: "s" },
  { to: "/computers", key: "nav.computers", Icon: IconDeviceDesktop, letter: "c" },
  { to: "/logs", key: "nav.logs", Icon: IconListDetails, letter: "l" },
] as const satisfies readonly { to: string; key: string; Icon: Icon; letter: string }[];
