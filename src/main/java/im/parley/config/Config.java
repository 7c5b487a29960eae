package im.parley.config;

/**
 * The whole configuration of one node, valid by construction.
 *
 * @param server where it listens
 * @param gateway connections and their limits
 * @param auth who may come in
 * @param sessions devices of one user
 * @param chat sizes of what is said
 * @param store where the logs live
 * @param log what the node writes about itself
 */
public record Config(
    ServerConfig server,
    GatewayConfig gateway,
    AuthConfig auth,
    SessionConfig sessions,
    ChatConfig chat,
    StoreConfig store,
    LogConfig log) {}
