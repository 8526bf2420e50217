// The sound that says "somebody is ready": two soft tones, made here, so that there is no file to load.

let context: AudioContext | undefined;

/** A browser lets a page make sounds once the agent has acted on it: call this then, and later sounds need no act. */
export function allowSound(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

/** Plays it, if the browser lets this page make sounds. */
export function chime(): void {
  if (context?.state !== "running") return;
  tone(context, 659.26, context.currentTime + 0.02);
  tone(context, 987.77, context.currentTime + 0.16);
}

function tone(audio: AudioContext, hertz: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.14, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.55);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.6);
}
