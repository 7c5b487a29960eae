package im.parley.loadtest.report;

/** Something that draws itself the same way onto every canvas. */
public interface Picture {
  /** Of its file, in lower case. */
  String name();

  String title();

  int width();

  int height();

  void draw(Canvas canvas);

  /** Whether there is nothing to see. */
  boolean isEmpty();
}
