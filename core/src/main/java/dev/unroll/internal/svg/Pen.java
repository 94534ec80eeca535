package dev.unroll.internal.svg;

/** Draws lines from point to point, as far as they are inside a rectangle. */
final class Pen {

  /** What rounding may put outside. */
  private static final double SLACK = 1e-6;

  private final StringBuilder path;
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;
  private boolean begun;
  private double x;
  private double y;

  /** Where the path ends so far, if it can go on from there. */
  private String end = "";

  Pen(StringBuilder path, double left, double right, double top, double bottom) {
    this.path = path;
    this.left = left - SLACK;
    this.right = right + SLACK;
    this.top = top - SLACK;
    this.bottom = bottom + SLACK;
  }

  /** The next point is not connected with the last one. */
  void lift() {
    begun = false;
  }

  /** A line to a point, or the point alone after the pen was lifted. */
  void to(double nextX, double nextY) {
    if (begun) {
      segment(nextX, nextY);
    } else if (nextX >= left && nextX <= right && nextY >= top && nextY <= bottom) {
      move('M', nextX, nextY);
    } else {
      end = "";
    }
    begun = true;
    x = nextX;
    y = nextY;
  }

  /** The part of a segment that is inside, from one share of it to another. */
  private void segment(double nextX, double nextY) {
    double dx = nextX - x;
    double dy = nextY - y;
    double from = 0;
    double to = 1;
    double[] inward = {dx, -dx, dy, -dy};
    double[] room = {left - x, x - right, top - y, y - bottom};
    for (int side = 0; side < inward.length; side++) {
      if (inward[side] == 0) {
        if (room[side] > 0) {
          return;
        }
      } else if (inward[side] > 0) {
        from = Math.max(from, room[side] / inward[side]);
      } else {
        to = Math.min(to, room[side] / inward[side]);
      }
    }
    if (from <= to) {
      move('M', x + from * dx, y + from * dy);
      move('L', x + to * dx, y + to * dy);
    }
  }

  private void move(char how, double toX, double toY) {
    String at = SvgPlot.number(toX) + " " + SvgPlot.number(toY);
    if (how == 'L' || !at.equals(end)) {
      path.append(how).append(at);
    }
    end = at;
  }
}
