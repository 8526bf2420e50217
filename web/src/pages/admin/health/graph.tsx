import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { HealthSample } from "../../../api/health";
import classes from "./health.module.css";

const WIDTH = 300;
const HEIGHT = 64;
const HOUR = 3_600_000;

/** One number over the last hour: its name, its value now and its most, and the line between them. */
export function Graph(props: {
  name: string;
  samples: HealthSample[];
  value: (sample: HealthSample) => number;
  say: (n: number) => string;
  /** The top of the scale is at least this, so that a small noise does not look like a mountain. */
  least: number;
}) {
  const { name, samples, value, say, least } = props;
  const { t } = useTranslation();
  const label = useId();
  const values = samples.map(value);
  const now = values.at(-1);
  const most = Math.max(0, ...values);
  const line = points(samples, values, Math.max(least, most));
  return (
    <figure className={classes.graph} aria-labelledby={label}>
      <figcaption id={label}>
        <span className={classes.name}>{name}</span>
        <span className={classes.now}>{now === undefined ? "–" : say(now)}</span>
        <span className={classes.most}>{t("health.most", { value: say(most) })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden className={classes.plot}>
        {line !== "" && (
          <>
            <path d={`${line}V${HEIGHT}H${startOf(line)}Z`} className={classes.area} />
            <path d={line} className={classes.stroke} vectorEffect="non-scaling-stroke" />
          </>
        )}
      </svg>
    </figure>
  );
}

/** The line as a path: an hour wide, the last sample at its right end. */
function points(samples: HealthSample[], values: number[], top: number): string {
  const end = Date.parse(samples.at(-1)?.at ?? "");
  return samples
    .map((sample, i) => {
      const x = WIDTH * (1 - (end - Date.parse(sample.at)) / HOUR);
      const y = HEIGHT - (HEIGHT - 2) * (values[i]! / top);
      return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

const startOf = (line: string) => line.slice(1, line.indexOf(" "));
