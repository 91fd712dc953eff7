using Shop;

return await ShopCommands.RunAsync(args, useKafka: null);
