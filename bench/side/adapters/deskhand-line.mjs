// Ours with a slow line between the client and the relay: LINE is the program bench/line, LINE_OPTIONS what the line is like.
import deskhand from './deskhand.mjs';
import { waitPort } from '../lib.mjs';

export default {
  ...deskhand,
  title: 'Deskhand on a slow line', config: process.env.LINE_OPTIONS,
  start: (ctx) => deskhand.start(Object.create(ctx, {
    proxy: {
      value: async (routes) => {
        ctx.spawn('tool', process.env.LINE, [...process.env.LINE_OPTIONS.split(' '), '-listen', '127.0.0.1:9004', '-to', '127.0.0.1:9001']);
        await waitPort(9004);
        await ctx.proxy({ ...routes, agent: [9002, 9004] });
      },
    },
  })),
};
