// A canvas painted by WebGL2.

const [width, height] = [1920, 1080];

/** One texture of the whole picture, drawn whole after each change. */
export function glPainter(canvas) {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
  if (!gl) return undefined;
  const shader = (type, source) => {
    const s = gl.createShader(type);
    gl.shaderSource(s, `#version 300 es\nprecision highp float;${source}`);
    gl.compileShader(s);
    return s;
  };
  const program = gl.createProgram();
  const corner = "vec2 c = vec2(gl_VertexID & 1, gl_VertexID >> 1);";
  gl.attachShader(
    program,
    shader(
      gl.VERTEX_SHADER,
      `out vec2 p; void main() { ${corner} p = c; gl_Position = vec4(c.x * 2. - 1., 1. - c.y * 2., 0, 1); }`,
    ),
  );
  gl.attachShader(
    program,
    shader(gl.FRAGMENT_SHADER, "uniform sampler2D t; in vec2 p; out vec4 o; void main() { o = texture(t, p); }"),
  );
  gl.linkProgram(program);
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL, not React
  gl.useProgram(program);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  for (const name of ["TEXTURE_MIN_FILTER", "TEXTURE_MAG_FILTER"])
    gl.texParameteri(gl.TEXTURE_2D, gl[name], gl.NEAREST);
  gl.viewport(0, 0, width, height);
  const draw = (x, y, w, h) => {
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(x, height - y - h, w, h);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  };
  return {
    pixels: (x, y, w, h, buffer) => {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, w, h, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(buffer, 0, w * h * 4));
      draw(x, y, w, h);
    },
    frame: (frame, x, y) => {
      const [w, h] = [frame.displayWidth, frame.displayHeight];
      gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, w, h, gl.RGBA, gl.UNSIGNED_BYTE, frame);
      draw(x, y, w, h);
    },
  };
}
