package im.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryXmlConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Hazelcast's configuration as it is written.
 *
 * @param source where it stands, for people
 * @param xml its text
 */
record ClusterFile(String source, String xml) {
  private static final String NAME = "cluster.xml";

  /**
   * The file that was named, else the one beside the jar, else the one in the jar.
   *
   * @param named empty for none
   */
  static ClusterFile find(String named) {
    try {
      Optional<Path> file = named.isEmpty() ? beside(home()) : Optional.of(Path.of(named));
      if (file.isPresent()) {
        return new ClusterFile(file.get().toString(), Files.readString(file.get()));
      }
      try (InputStream in = ClusterFile.class.getResourceAsStream("/" + NAME)) {
        return new ClusterFile(
            NAME + " in the jar", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new ClusterUnusable(
          "cluster.file: expected a file in UTF-8 that can be read, but: " + e.getMessage(), e);
    }
  }

  private static Path home() {
    try {
      return Path.of(ClusterFile.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Path> beside(Path jar) {
    Path directory = jar.getParent();
    Path file = directory.resolve(NAME);
    if (Files.isRegularFile(file)) {
      return Optional.of(file);
    }
    // A jar that was built in a checkout is in its target; the launcher and the file are above.
    Path above = directory.resolveSibling(NAME);
    return Optional.of(above)
        .filter(found -> directory.endsWith("target") && Files.isRegularFile(found));
  }

  /** Its content. */
  Config parse() {
    try {
      requireWellFormed();
      Config written = new InMemoryXmlConfig(xml);
      if (written.getAdvancedNetworkConfig().isEnabled()) {
        throw new IllegalArgumentException(
            "<network> says how members meet, <advanced-network> is not for this file");
      }
      return written;
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new ClusterUnusable(
          "cluster file %s: expected Hazelcast's configuration as XML, but: %s"
              .formatted(source, String.valueOf(cause.getMessage()).replaceAll("\\s+", " ")),
          e);
    }
  }

  /**
   * Hazelcast's parser writes what is wrong to the standard error output, and a stack beside it.
   */
  private void requireWellFormed() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      builder.parse(new InputSource(new StringReader(xml)));
    } catch (SAXParseException e) {
      throw new IllegalArgumentException("line " + e.getLineNumber() + ": " + e.getMessage());
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }
}
