package im.parley.loadtest.report;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes pictures as SVG and PNG. */
final class Pictures {
  private static final boolean HAS_FONTS = hasFonts();

  private Pictures() {}

  /**
   * Both files; the PNG is left out on a machine without fonts, which the JDK draws with.
   *
   * @param base what the files' names begin with
   */
  static void write(Picture picture, Path directory, String base) throws IOException {
    Files.writeString(directory.resolve(base + ".svg"), SvgCanvas.of(picture) + "\n");
    if (HAS_FONTS) {
      PngCanvas.write(picture, directory.resolve(base + ".png"));
    }
  }

  private static boolean hasFonts() {
    System.setProperty("java.awt.headless", "true");
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, Canvas.TEXT_SIZE)
          .getStringBounds("x", new FontRenderContext(null, true, true));
      return true;
    } catch (LinkageError | InternalError | RuntimeException e) {
      // Which of them differs from JDK to JDK: no libfreetype, no fontconfig, no font.
      System.err.println("parley-loadtest: no PNG, for the JDK finds no font: " + e.getMessage());
      return false;
    }
  }
}
