import { Tooltip } from "@mantine/core";
import { useFormat } from "../i18n/format";
import { useNow } from "../i18n/use-now";

/** "3 min ago", with the exact time on hover, for screen readers and for copying. */
export function RelativeTime({ time }: { time: string }) {
  const format = useFormat();
  const now = useNow(10);
  return (
    <Tooltip label={format.exact(time)}>
      <time dateTime={time}>{format.ago(time, now)}</time>
    </Tooltip>
  );
}
