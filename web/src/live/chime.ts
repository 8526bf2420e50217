// The sound that says "somebody is ready": two soft tones, made here, so that there is no file to load.

let context: AudioContext | undefined;

/** Plays it, when the browser lets a page make sounds (it does once the agent has clicked on it). */
export function chime(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  if (context.state === "suspended") void context.resume();
  tone(context, destination, 659.26, currentTime + 0.02);
  tone(context, destination, 987.77, currentTime + 0.16);
}

function tone(audio: AudioContext, to: AudioNode, hertz: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.14, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.55);
  oscillator.connect(gain).connect(to);
  oscillator.start(at);
  oscillator.stop(at + 0.6);
}
