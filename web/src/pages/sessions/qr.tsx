import { QRCodeSVG } from "qrcode.react";

/** A link to be scanned. */
export default function QR({ url, title }: { url: string; title: string }) {
  return <QRCodeSVG value={url} size={200} marginSize={2} title={title} />;
}
