using Microsoft.Extensions.DependencyInjection;

namespace Reliability;

/// <summary>What the context of every handler run is made of.</summary>
internal sealed record HandlerParts(HandlerCatalog Catalog, IServiceScopeFactory Scopes, TimeProvider Time);
