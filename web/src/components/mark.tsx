/** The product's mark: a screen with somebody in it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent-fill)" />
      <path d="M8 9.5h16v10.25H8z" fill="none" stroke="var(--on-accent)" strokeWidth="2.25" strokeLinejoin="round" />
      <path d="M12 24h8" stroke="var(--on-accent)" strokeWidth="2.25" strokeLinecap="round" />
      <circle cx="16" cy="14.6" r="1.9" fill="var(--on-accent)" />
    </svg>
  );
}
