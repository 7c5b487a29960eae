package im.parley.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the logs live.
 *
 * @param url {@code sqlite}
 * @param data directory of the embedded store
 * @param queue appends that wait for the disk; beyond it a send is answered BUSY
 * @param readers threads that read
 * @param retentionAge messages older than this are trimmed; zero keeps all
 * @param retentionCount messages kept per conversation; zero keeps all
 */
public record StoreConfig(String url, Path data, int queue, int readers, Duration retentionAge, long retentionCount) {}
