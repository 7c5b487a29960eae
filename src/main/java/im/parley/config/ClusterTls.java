package im.parley.config;

/**
 * TLS of the event bus between nodes: each side shows its certificate and checks the other's.
 *
 * @param certificate PEM file with this node's chain, empty for none
 * @param key PEM file of its key (PKCS#8), empty for none
 * @param ca PEM file with the authorities whose certificates are nodes of this cluster, empty for
 *     none
 */
public record ClusterTls(String certificate, String key, String ca) {
  public ClusterTls {
    boolean any = !(certificate + key + ca).isEmpty();
    requireWith(any, "cluster.tls-certificate", certificate);
    requireWith(any, "cluster.tls-key", key);
    requireWith(any, "cluster.tls-ca", ca);
  }

  private static void requireWith(boolean any, String key, String file) {
    if (any) {
      Rules.require(
          !file.isEmpty(),
          key,
          "",
          "a PEM file, because TLS between nodes takes all of cluster.tls-certificate,"
              + " cluster.tls-key and cluster.tls-ca");
      Rules.readable(key, file);
    }
  }

  /** Whether the bus speaks TLS. */
  public boolean enabled() {
    return !certificate.isEmpty();
  }

  static ClusterTls from(Reading reading) {
    return new ClusterTls(
        reading.text("cluster.tls-certificate"),
        reading.text("cluster.tls-key"),
        reading.text("cluster.tls-ca"));
  }
}
