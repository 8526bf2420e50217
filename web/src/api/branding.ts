import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Branding, BrandingChange, Palette, Shades } from "./schema.gen";
import { welcomeQuery } from "./welcome";

export type { Branding, Palette, Shades };

export const brandingQuery = queryOptions({
  queryKey: ["branding"],
  queryFn: ({ signal }) => take(api.GET("/api/branding", { signal })),
});

/** What follows from a colour that is not saved yet. */
export const paletteQuery = (color: string) =>
  queryOptions({
    queryKey: ["branding", "palette", color],
    queryFn: ({ signal }) => take(api.GET("/api/branding/palette", { params: { query: { color } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

function useChange<V, T>(mutationFn: (variables: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: welcomeQuery.queryKey });
      return queries.invalidateQueries({ queryKey: brandingQuery.queryKey });
    },
  });
}

export const useChangeBranding = () => useChange((body: BrandingChange) => take(api.PATCH("/api/branding", { body })));

/** Sends the picture as it is; the server makes its own from it. */
export const useSetLogo = () =>
  useChange((file: File) =>
    take(
      api.PUT("/api/branding/logo", {
        body: file as unknown as string,
        bodySerializer: (body: unknown) => body as BodyInit,
        headers: { "Content-Type": "application/octet-stream" },
      }),
    ),
  );

export const useRemoveLogo = () => useChange(() => take(api.DELETE("/api/branding/logo")));
